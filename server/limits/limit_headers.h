// What a caller is told about its limits: header fields in the formats that a dialect documents, and the numbers for
// the message of a refusal. Pure and thread-safe.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "api/header.h"
#include "server/clock.h"
#include "server/dialect/limit_rules.h"
#include "server/limits/rate_limiter.h"

namespace mimus::server {

// The headers of a reply to a request that `decision` was made about at `now`. A counter without limit has none.
// Seconds are rounded up and Retry-After is at least 1, so that whoever waits that long is let in; with a fixed window
// Retry-After is exactly the epoch second of the reset minus the current one.
std::vector<Header> limit_headers(const std::vector<LimitHeader>& rows, const Decision& decision, WallTime now);

// The situation in a dialect's error table for a refusal: "rate_limited_requests", "rate_limited_tokens" or
// "request_above_rate_limit".
std::string_view limit_situation(Decision::Verdict verdict);

// The values for its message: limit, used, requested, wait ("174ms").
std::vector<std::pair<std::string_view, std::string>> limit_args(const Decision& decision);

}  // namespace mimus::server
