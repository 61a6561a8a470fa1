// All that a server remembers of what passed through it: the journal and the metrics, told of each reply when it begins
// and when it has ended. Thread-safe.
#pragma once

#include <string_view>

#include "server/clock.h"
#include "server/journal/journal.h"
#include "server/journal/metrics.h"

namespace mimus::server {

struct Traffic {
  explicit Traffic(JournalCaps caps) : journal(caps) {}

  // A reply on its way: handed from begin() to end().
  struct Reply {
    std::uint64_t entry = 0;
    Counted counted;
  };
  Reply begin(const HttpRequest& http, std::string_view request_id, const Notes& notes, const Delivery& delivery,
              const Clock& clock);
  void end(const Reply& reply, const DeliveryOutcome& outcome);

  Journal journal;
  Metrics metrics;
};

}  // namespace mimus::server
