// Fixed point with 30 fractional bits throughout ("q30"). Floating point would do but for the compilers that fuse a
// multiplication with an addition, and for the libraries whose exp and log differ in the last bit.
#include "server/pace/schedule.h"

#include <algorithm>

namespace mimus::server {
namespace {

constexpr int kBits = 30;
constexpr std::int64_t kOne = std::int64_t{1} << kBits;
constexpr std::int64_t kLog2 = 744261118;   // ln 2
constexpr std::int64_t kMaxFactor = 1024;   // no interval grows beyond this many times the mean
constexpr std::int64_t kMaxLog = 7 * kOne;  // e^7 is above kMaxFactor
constexpr std::int64_t kMillion = 1'000'000;

// Drops five bits of each factor beforehand, so that factors up to 2^31 do not overflow.
std::int64_t times(std::int64_t a, std::int64_t b) {
  return ((a >> 5) * (b >> 5)) >> (kBits - 10);
}

// e^x of a q30 number, at most kMaxFactor: 2 to the whole part of x / ln 2, and a series for the rest.
std::int64_t exp_of(std::int64_t x) {
  x = std::clamp(x, -20 * kOne, kMaxLog);
  std::int64_t powers = x / kLog2;
  std::int64_t rest = x % kLog2;
  if (rest < 0) {
    rest += kLog2;
    --powers;
  }
  std::int64_t term = kOne;
  std::int64_t sum = kOne;
  for (int i = 1; i <= 12; ++i) {
    term = times(term, rest) / i;
    sum += term;
  }
  sum = powers >= 0 ? sum << powers : sum >> -powers;
  return std::min(sum, kMaxFactor * kOne);
}

// The largest q30 number in [0, high] of which `holds`.
template <class Holds>
std::int64_t bisect(std::int64_t high, Holds holds) {
  std::int64_t low = 0;
  while (low < high) {
    const std::int64_t middle = low + (high - low + 1) / 2;
    if (holds(middle)) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

// For a log-normal variable of mean 1, CV^2 = e^(sigma^2) - 1.
std::int64_t sigma_of(std::int32_t cv_millionths) {
  const std::int64_t cv = cv_millionths * kOne / kMillion;
  const std::int64_t target = kOne + times(cv, cv);
  const std::int64_t variance = bisect(3 * kOne, [&](std::int64_t x) { return exp_of(x) <= target; });
  return bisect(2 * kOne, [&](std::int64_t x) { return times(x, x) <= variance; });
}

// Twelve uniform numbers summed have variance 1 and are close to normal; no tail beyond 6.
std::int64_t normal(SplitMix64& numbers) {
  std::int64_t sum = -6 * kOne;
  for (int i = 0; i < 12; ++i) sum += static_cast<std::int64_t>(numbers.below(kOne));
  return sum;
}

}  // namespace

Schedule::Schedule(const Pace& pace, std::uint64_t seed) : pace_(pace), numbers_(seed), at_(pace.ttft) {
  if (pace.jitter.kind == Jitter::Kind::LogNormal) sigma_ = sigma_of(pace.jitter.millionths);
}

Duration Schedule::due(std::int64_t token) {
  if (token <= token_) return at_;
  if (pace_.jitter.kind == Jitter::Kind::None || pace_.token.count() == 0) {
    at_ += pace_.token * (token - token_);
    token_ = token;
  }
  for (; token_ < token; ++token_) at_ += interval();
  return at_;
}

Duration Schedule::interval() {
  std::int64_t factor = kOne;
  if (pace_.jitter.kind == Jitter::Kind::Uniform) {
    const std::int64_t width = pace_.jitter.millionths * kOne / kMillion;
    factor += times(width, 2 * static_cast<std::int64_t>(numbers_.below(kOne)) - kOne);
  } else {
    factor = exp_of(times(sigma_, normal(numbers_)) - times(sigma_, sigma_) / 2);
  }
  // Two shifts, so that an hour times kMaxFactor does not overflow.
  return Duration((pace_.token.count() * (factor >> 10)) >> (kBits - 10));
}

Duration whole_due(const Pace& pace, std::uint64_t seed, std::int64_t tokens) {
  return Schedule(pace, seed).due(tokens);
}

}  // namespace mimus::server
