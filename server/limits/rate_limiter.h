// Counts what each key uses a minute, and says who has to wait. Requests and tokens are counted apart, per key and
// class. Time is handed in, so a clock that is frozen or advanced governs the limits too. Thread-safe and exact: of any
// number of callers at a time, precisely the limit is admitted.
//
// Refill follows OpenAI: the used amount drains evenly, limit per minute, so that
//   reset (all of it is back) = (limit - remaining) * 60 s / limit
//   retry after               = (used + requested - limit) * 60 s / limit
// both of which fit the values of the real API's headers and messages. Window is a fixed minute from the first counted
// request; it starts at that request's whole second, so that the epoch second in a header is exactly its end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "server/clock.h"
#include "server/dialect/limit_rules.h"

namespace mimus::server {

// Where one counter of a key stands.
struct LimitState {
  std::int64_t limit = 0;
  std::int64_t used = 0;       // of this minute; a request that was admitted is in it, a refused one is not
  std::int64_t remaining = 0;  // limit - used, not below 0
  Duration reset{0};           // from now until nothing is used any more
};

struct Decision {
  enum class Verdict {
    Admitted,
    TooManyRequests,
    TooManyTokens,
    TooLarge,  // asks for more tokens than the limit: no waiting helps
  };
  Verdict verdict = Verdict::Admitted;
  std::optional<LimitState> requests;  // absent: not limited
  std::optional<LimitState> tokens;
  std::int64_t requested = 0;  // what the refusing counter was asked for
  Duration retry_after{0};     // from now; after it the same request is admitted, if nobody else uses the key

  [[nodiscard]] bool is_admitted() const { return verdict == Verdict::Admitted; }
  // The counter that refused; requests when none did.
  [[nodiscard]] const std::optional<LimitState>& refusing() const {
    return verdict == Verdict::TooManyTokens || verdict == Verdict::TooLarge ? tokens : requests;
  }
};

struct LimitCost {
  std::int64_t requests = 1;
  std::int64_t tokens = 0;  // estimated beforehand
};

// One counter, for showing.
struct CounterState {
  std::string key;  // its first and last characters only
  std::string limit_class;
  std::optional<LimitState> requests;  // absent: not limited
  std::optional<LimitState> tokens;
};

class RateLimiter {
 public:
  // Beyond `max_keys` counters (a key counts once for each of its classes) the one longest unused is forgotten.
  explicit RateLimiter(LimitTime time, std::size_t max_keys = 100'000) : time_(time), max_keys_(max_keys) {}

  // Charges `cost`, or refuses and charges nothing. Negative costs count as 0, limits below 1 as 1.
  Decision admit(std::string_view key, std::string_view limit_class, const MinuteLimits& limits, LimitCost cost,
                 WallTime now);

  // Where the key stands, for replies that cost nothing; always admitted.
  Decision look(std::string_view key, std::string_view limit_class, const MinuteLimits& limits, WallTime now);

  // Corrects a charge of `estimated` tokens, made at `admitted_at`, to what the reply really cost. A window that has
  // ended since then is left alone.
  void settle(std::string_view key, std::string_view limit_class, const MinuteLimits& limits, std::int64_t estimated,
              std::int64_t final_tokens, WallTime admitted_at, WallTime now);

  void reset();  // forgets all that was used

  // The counters at `now`, at most `most` of them, the one used last first.
  [[nodiscard]] std::vector<CounterState> snapshot(WallTime now, std::size_t most = 1'000) const;

  struct Stats {
    std::size_t keys = 0;
    std::uint64_t evicted = 0;  // counters forgotten for want of room
  };
  [[nodiscard]] Stats stats() const;

 private:
  // 128 bits stand for key and class, so that no key is kept in memory; what snapshot() shows of it cannot be used.
  struct KeyId {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    bool operator==(const KeyId&) const = default;
  };
  struct KeyIdHash {
    std::size_t operator()(const KeyId& id) const { return static_cast<std::size_t>(id.low); }
  };
  // Levels are what is used, in units of 1/60,000,000: a limit of N a minute drains N units a microsecond.
  struct Entry {
    KeyId id;
    WallTime as_of{};  // Refill: when the levels were right; Window: its start
    std::int64_t requests = 0;
    std::int64_t tokens = 0;
    MinuteLimits limits{};  // as it was asked with last
    std::string key{};      // as snapshot() shows it
    std::string limit_class{};
  };

  static KeyId id_of(std::string_view key, std::string_view limit_class);
  Entry& entry_of(std::string_view key, std::string_view limit_class);
  void bring_up_to(WallTime now, const MinuteLimits& limits, Entry& entry) const;
  [[nodiscard]] LimitState state_of(std::int64_t level, std::int64_t limit, WallTime as_of, WallTime now) const;
  [[nodiscard]] Duration wait_of(const std::optional<LimitState>& state, std::int64_t requested) const;
  void describe(const Entry& entry, const MinuteLimits& limits, WallTime now, Decision& decision) const;

  const LimitTime time_;
  const std::size_t max_keys_;
  mutable std::mutex mutex_;
  std::list<Entry> entries_;  // the most recently used first
  std::unordered_map<KeyId, std::list<Entry>::iterator, KeyIdHash> index_;
  std::uint64_t evicted_ = 0;
};

}  // namespace mimus::server
