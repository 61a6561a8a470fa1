// One request, one reply, recorded: the byte-level client of `mimus check`. It follows no redirect, undoes no
// compression, reads no proxy variable, retries nothing, and is bounded in time and bytes whatever the peer does.
// Thread-safe: no state between calls.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "conformance/client/http_reader.h"
#include "conformance/client/recording.h"
#include "conformance/target.h"

namespace mimus::conformance {

struct ExchangeLimits {
  std::chrono::milliseconds time{30'000};  // from connecting to the last byte
  ReplyLimits reply;
  int leave_after = 0;  // not 0: close as soon as this many events of a stream have come
  int interrupt = -1;   // a file descriptor: once it can be read the exchange is given up, as if its time were over
};

// Sends `request` to `target` on a fresh connection. With `lead`, that request goes first on the same connection and
// its reply is kept as lead_raw; when the peer closes after it, `request` gets a fresh connection, reused = false.
Recording exchange(const Target& target, const Request& request, const std::optional<Request>& lead,
                   const ExchangeLimits& limits);

// All of `requests` at the same time, each on a connection and a thread of its own; in their order.
std::vector<Recording> exchange_together(const Target& target, const std::vector<Request>& requests,
                                         const ExchangeLimits& limits);

}  // namespace mimus::conformance
