// The rate limits of a server: which endpoints of its dialects count, against which numbers, and who is let in. One for
// the whole server; thread-safe. Off unless a plan or a number is given: then find() is all that a request costs.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/result.h"
#include "server/dialect/dialect.h"
#include "server/limits/rate_limiter.h"

namespace mimus::server {

struct LimitOptions {
  std::string plan;                      // of the dialects' documents ("free"); empty: none
  std::optional<std::int64_t> requests;  // a minute, in every class, instead of what the plan says
  std::optional<std::int64_t> tokens;

  [[nodiscard]] bool any() const { return !plan.empty() || requests || tokens; }
};

class Limits {
 public:
  // Where the requests to one endpoint count.
  struct Counter {
    RateLimiter* limiter = nullptr;     // of the dialect
    const LimitRules* rules = nullptr;  // of the dialect
    std::string limit_class;
    MinuteLimits limits;
    bool is_counted = true;  // else it only shows where the key stands
  };

  // What became of one request.
  struct Admission {
    const Counter* counter = nullptr;
    Decision decision;
    std::int64_t estimated = 0;  // tokens it was charged
    std::string model;           // that it asks for; only where it is refused
    WallTime at{};
  };

  // `dialects` must outlive it. Errc::BadInput: none of them has the plan, or the plan has no numbers and none are
  // given (a vendor's "custom" plan).
  static Result<std::unique_ptr<Limits>> create(const LimitOptions& options, std::span<const Dialect* const> dialects);

  // Null when the endpoint is not limited.
  [[nodiscard]] const Counter* find(const Endpoint& endpoint) const {
    if (counters_.empty()) return nullptr;
    const auto found = counters_.find(&endpoint);
    return found == counters_.end() ? nullptr : &found->second;
  }

  // Charges the request, or refuses it and charges nothing.
  Admission admit(const Counter& counter, std::string_view key, std::string_view body, WallTime now);

  // Once the reply is known: corrects the tokens from what was estimated to what it uses. Nothing when that is not
  // known.
  void settle(const Admission& admission, std::string_view key, std::optional<std::int64_t> used, WallTime now);

  void reset();  // forgets all that was used

  // Where the callers stand, for showing: `most` of each dialect, the one used last first.
  struct Shown {
    std::string dialect;
    CounterState state;
  };
  [[nodiscard]] std::vector<Shown> snapshot(WallTime now, std::size_t most = 1'000) const;

  // Of all dialects together; counters that were forgotten for want of room are `evicted`.
  [[nodiscard]] RateLimiter::Stats stats() const;

 private:
  struct Vendor {
    const Dialect* dialect;
    std::unique_ptr<RateLimiter> limiter;  // apart for each vendor: they count time differently
  };

  void add(const Dialect& dialect, const LimitOptions& options);

  std::vector<Vendor> vendors_;
  std::unordered_map<const Endpoint*, Counter> counters_;  // looked up only: its order reaches no reply
};

// The refusal of a request that was not admitted: its situation, and the numbers for the message.
Refusal limit_refusal(const Limits::Admission& admission);

// The headers of the reply to a request, whose status is `status`.
std::vector<Header> limit_headers(const Limits::Admission& admission, int status);

}  // namespace mimus::server
