// What a vendor documents about rate limits, as data: plans, how time counts, which operations share a counter, and the
// headers that tell a caller where it stands. Read from the member "limits" of a dialect. Immutable, thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/json.h"
#include "api/result.h"

namespace mimus::server {

// The most that one key may use a minute in one class; nothing means no limit.
struct MinuteLimits {
  std::optional<std::int64_t> requests;
  std::optional<std::int64_t> tokens;
  bool operator==(const MinuteLimits&) const = default;
};

// How a used-up minute comes back.
enum class LimitTime {
  Refill,  // bit by bit, without end; a reset is when all of it is back
  Window,  // at once, 60 s after the first request that was counted
};

struct LimitHeader {
  enum class Shows { Limit, Remaining, Reset, RetryAfter };
  enum class Of { Requests, Tokens };
  enum class As { Integer, GoDuration, Seconds, Milliseconds, EpochSeconds };
  std::string name;  // "x-ratelimit-reset-tokens"
  Shows shows = Shows::Limit;
  Of of = Of::Requests;            // not used by RetryAfter
  As as = As::Integer;             // Limit and Remaining are always integers
  bool on_success = true;          // else only on a refusal
  bool zero_when_refused = false;  // Remaining: 0 on a refusal, whichever limit refused
};

struct LimitRules {
  LimitTime time = LimitTime::Refill;
  // Plan -> class -> limits. A plan without rows is one that the vendor sets by contract.
  std::map<std::string, std::map<std::string, MinuteLimits, std::less<>>, std::less<>> plans;
  // Operation ("images.generations") -> class ("images"); a pattern may end in '*'. First match counts.
  std::vector<std::pair<std::string, std::string>> classes;
  std::vector<std::string> uncounted;  // operations that show the headers of their class but cost nothing
  std::vector<LimitHeader> headers;
  std::vector<int> silent_on;  // statuses of replies that come without these headers

  // The names of the classes, each once, in the order of the document.
  [[nodiscard]] std::vector<std::string> class_names() const;
  // The class that `operation` counts in; empty: in none.
  [[nodiscard]] std::string_view class_of(std::string_view operation) const;
  [[nodiscard]] bool is_counted(std::string_view operation) const;
};

// Reads the member "limits" of a dialect; `where` is its JSON pointer:
//   { "source": "...", "time": "window",
//     "plans": { "free": { "chat": { "requests": 10, "tokens": 10000 } }, "enterprise": {} },
//     "classes": { "images": ["images.*"], "chat": ["chat.completions", "models.list"] }, "uncounted": ["models.list"],
//     "headers": [ { "name": "X-RateLimit-Reset", "shows": "reset", "of": "requests", "as": "epoch_seconds",
//                    "on": "all" } ], "silent_on": [404] }
// Missing gives rules without plans and headers.
Result<LimitRules> read_limit_rules(Json json, const std::string& where);

}  // namespace mimus::server
