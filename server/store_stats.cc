#include "server/store_stats.h"

#include "server/endpoints/response_state.h"
#include "server/limits/limits.h"
#include "server/state/batch_store.h"
#include "server/state/file_store.h"
#include "server/state/upload_store.h"

namespace mimus::server {

std::vector<KindOfState> store_stats(const Services& services) {
  const RateLimiter::Stats limits = services.limits.stats();
  return {{"files", services.files.stats()},
          {"uploads", services.uploads.stats()},
          {"batches", services.batches.stats()},
          {"completions", services.completions.stats()},
          {"responses", services.responses.responses.stats()},
          {"conversations", services.responses.conversations.stats()},
          {"items", services.responses.items.stats()},
          {"limits", {limits.keys, 0, limits.evicted}}};
}

}  // namespace mimus::server
