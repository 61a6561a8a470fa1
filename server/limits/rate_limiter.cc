#include "server/limits/rate_limiter.h"

#include <algorithm>
#include <string>

#include <xxhash.h>

namespace mimus::server {
namespace {

constexpr Duration kMinute = std::chrono::minutes(1);
constexpr std::int64_t kUnits = Duration(kMinute).count();       // of a level, in one request or token
constexpr std::int64_t kMostPerMinute = 10'000'000'000;          // so that every product below fits into 64 bits
constexpr std::int64_t kFullest = 10 * kMostPerMinute * kUnits;  // settled costs may go beyond a limit, but not forever

std::int64_t divide_up(std::int64_t a, std::int64_t b) {
  return (a + b - 1) / b;
}

std::int64_t sane(std::int64_t amount) {
  return std::clamp<std::int64_t>(amount, 0, kMostPerMinute);
}

MinuteLimits sane(MinuteLimits limits) {
  for (auto* limit : {&limits.requests, &limits.tokens}) {
    if (*limit) *limit = std::clamp<std::int64_t>(**limit, 1, kMostPerMinute);
  }
  return limits;
}

// `amount` of a limit as the time it takes to come back, rounded up to a microsecond: after it, it is back.
Duration time_for(std::int64_t amount, std::int64_t limit) {
  const std::int64_t whole = amount / limit;
  const std::int64_t rest = amount % limit;
  return Duration(whole * kUnits + divide_up(rest * kUnits, limit));
}

std::int64_t drained(std::int64_t level, std::optional<std::int64_t> limit, Duration elapsed) {
  if (!limit) return 0;
  if (elapsed.count() >= divide_up(level, *limit)) return 0;  // asked first: the product may overflow
  return level - elapsed.count() * *limit;
}

// Enough of a key to tell it from others in a list, and too little to use it; never longer than 15 characters.
std::string shown_key(std::string_view key) {
  const std::size_t head = std::min<std::size_t>(key.size() / 3, 8);
  const std::size_t tail = std::min<std::size_t>(key.size() / 4, 4);
  return std::string(key.substr(0, head)) + "***" + std::string(key.substr(key.size() - tail));
}

WallTime whole_second(WallTime time) {
  return std::chrono::floor<std::chrono::seconds>(time);
}

}  // namespace

RateLimiter::KeyId RateLimiter::id_of(std::string_view key, std::string_view limit_class) {
  std::string both;
  both.reserve(key.size() + limit_class.size() + 1);
  both.append(limit_class).append(1, '\0').append(key);
  const XXH128_hash_t digest = XXH3_128bits(both.data(), both.size());
  return {digest.low64, digest.high64};
}

RateLimiter::Entry& RateLimiter::entry_of(std::string_view key, std::string_view limit_class) {
  const KeyId id = id_of(key, limit_class);
  if (const auto found = index_.find(id); found != index_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    return entries_.front();
  }
  if (entries_.size() >= std::max<std::size_t>(max_keys_, 1)) {
    index_.erase(entries_.back().id);
    entries_.pop_back();
    ++evicted_;
  }
  Entry& entry = entries_.emplace_front();
  entry.id = id;
  entry.key = shown_key(key);
  entry.limit_class = limit_class;
  index_.emplace(id, entries_.begin());
  return entry;
}

// Takes off what time has given back. A clock that was set back gives nothing back and takes nothing away.
void RateLimiter::bring_up_to(WallTime now, const MinuteLimits& limits, Entry& entry) const {
  const Duration elapsed = now - entry.as_of;
  const bool is_unused = entry.requests == 0 && entry.tokens == 0;
  if (time_ == LimitTime::Window) {
    if (elapsed >= kMinute) entry.requests = entry.tokens = 0;
    if (elapsed >= kMinute || is_unused || elapsed < Duration(0)) entry.as_of = whole_second(now);
    return;
  }
  if (elapsed > Duration(0)) {
    entry.requests = drained(entry.requests, limits.requests, elapsed);
    entry.tokens = drained(entry.tokens, limits.tokens, elapsed);
  }
  entry.as_of = now;
}

LimitState RateLimiter::state_of(std::int64_t level, std::int64_t limit, WallTime as_of, WallTime now) const {
  LimitState state;
  state.limit = limit;
  state.used = divide_up(level, kUnits);
  state.remaining = std::max<std::int64_t>(0, limit - state.used);
  state.reset = time_ == LimitTime::Refill ? time_for(state.used, limit) : as_of + kMinute - now;
  return state;
}

void RateLimiter::describe(const Entry& entry, const MinuteLimits& limits, WallTime now, Decision& decision) const {
  if (limits.requests) decision.requests = state_of(entry.requests, *limits.requests, entry.as_of, now);
  if (limits.tokens) decision.tokens = state_of(entry.tokens, *limits.tokens, entry.as_of, now);
}

Duration RateLimiter::wait_of(const std::optional<LimitState>& state, std::int64_t requested) const {
  if (!state) return Duration(0);
  const std::int64_t excess = state->used + requested - state->limit;
  if (excess <= 0) return Duration(0);
  return time_ == LimitTime::Refill ? time_for(excess, state->limit) : state->reset;
}

Decision RateLimiter::admit(std::string_view key, std::string_view limit_class, const MinuteLimits& asked,
                            LimitCost cost, WallTime now) {
  Decision decision;
  if (!asked.requests && !asked.tokens) return decision;
  const MinuteLimits limits = sane(asked);
  const std::int64_t requests = sane(cost.requests);
  const std::int64_t tokens = sane(cost.tokens);

  const std::lock_guard lock(mutex_);
  Entry& entry = entry_of(key, limit_class);
  entry.limits = limits;
  bring_up_to(now, limits, entry);
  describe(entry, limits, now, decision);
  if (limits.tokens && tokens > *limits.tokens) {
    decision.verdict = Decision::Verdict::TooLarge;
    decision.requested = tokens;
    return decision;
  }
  // The longer wait is the one to report: only after it both counters admit the request.
  const Duration request_wait = wait_of(decision.requests, requests);
  const Duration token_wait = wait_of(decision.tokens, tokens);
  if (request_wait > Duration(0) || token_wait > Duration(0)) {
    const bool is_requests = request_wait >= token_wait;
    decision.verdict = is_requests ? Decision::Verdict::TooManyRequests : Decision::Verdict::TooManyTokens;
    decision.requested = is_requests ? requests : tokens;
    decision.retry_after = std::max(request_wait, token_wait);
    return decision;
  }
  if (limits.requests) entry.requests += requests * kUnits;
  if (limits.tokens) entry.tokens += tokens * kUnits;
  describe(entry, limits, now, decision);
  return decision;
}

Decision RateLimiter::look(std::string_view key, std::string_view limit_class, const MinuteLimits& asked,
                           WallTime now) {
  Decision decision;
  const MinuteLimits limits = sane(asked);
  const std::lock_guard lock(mutex_);
  const auto found = index_.find(id_of(key, limit_class));
  Entry entry = found == index_.end() ? Entry{} : *found->second;
  bring_up_to(now, limits, entry);
  describe(entry, limits, now, decision);
  return decision;
}

void RateLimiter::settle(std::string_view key, std::string_view limit_class, const MinuteLimits& asked,
                         std::int64_t estimated, std::int64_t final_tokens, WallTime admitted_at, WallTime now) {
  if (!asked.tokens) return;
  const MinuteLimits limits = sane(asked);
  const KeyId id = id_of(key, limit_class);

  const std::lock_guard lock(mutex_);
  const auto found = index_.find(id);
  if (found == index_.end()) return;  // forgotten for want of room
  Entry& entry = *found->second;
  bring_up_to(now, limits, entry);
  if (time_ == LimitTime::Window && admitted_at < entry.as_of) return;
  const std::int64_t correction = (sane(final_tokens) - sane(estimated)) * kUnits;
  entry.tokens = std::clamp<std::int64_t>(entry.tokens + correction, 0, kFullest);
}

std::vector<CounterState> RateLimiter::snapshot(WallTime now, std::size_t most) const {
  std::vector<CounterState> states;
  const std::lock_guard lock(mutex_);
  for (Entry entry : entries_) {
    if (states.size() == most) break;
    bring_up_to(now, entry.limits, entry);
    Decision decision;
    describe(entry, entry.limits, now, decision);
    states.push_back({std::move(entry.key), std::move(entry.limit_class), decision.requests, decision.tokens});
  }
  return states;
}

void RateLimiter::reset() {
  const std::lock_guard lock(mutex_);
  index_.clear();
  entries_.clear();
}

RateLimiter::Stats RateLimiter::stats() const {
  const std::lock_guard lock(mutex_);
  return {entries_.size(), evicted_};
}

}  // namespace mimus::server
