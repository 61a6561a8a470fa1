// What a server keeps between requests, kind by kind: for metrics. A new kind of state is a line in store_stats.cc.
#pragma once

#include <string_view>
#include <vector>

#include "server/services.h"
#include "server/state/capped_store.h"

namespace mimus::server {

struct KindOfState {
  std::string_view name;  // "files"
  StoreStats stats;       // bytes is 0 where entries alone are capped
};

// Always the same kinds in the same order. Thread-safe.
std::vector<KindOfState> store_stats(const Services& services);

}  // namespace mimus::server
