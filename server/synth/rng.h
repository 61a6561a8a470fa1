// The random numbers of mimus: PCG32 (XSH RR 64/32, M. O'Neill, "PCG: A Family of Simple Fast Space-Efficient
// Statistically Good Algorithms", 2014), seeded by SplitMix64 (Steele, Lea, Flood 2014).
// PCG32, because a generator is made for every choice of every reply: it has 16 bytes of state and is ready after two
// multiplications; its output is defined by integer arithmetic alone, so it is the same everywhere.
// No distributions of the standard library: those differ between libraries. Not thread-safe; make one where needed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace mimus::server {

// One step of SplitMix64 from state `seed`: a bijection that spreads near seeds far apart.
constexpr std::uint64_t split_mix(std::uint64_t seed) {
  seed += 0x9E3779B97F4A7C15ULL;
  seed = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9ULL;
  seed = (seed ^ (seed >> 27)) * 0x94D049BB133111EBULL;
  return seed ^ (seed >> 31);
}

// A seed of its own for part `part` of what `seed` decides: choice 2, tool call 0, logprobs ...
constexpr std::uint64_t derive(std::uint64_t seed, std::uint64_t part) {
  return split_mix(seed ^ split_mix(part));
}

class Rng {
 public:
  explicit constexpr Rng(std::uint64_t seed) : Rng(split_mix(seed), split_mix(seed + 1)) {}
  // PCG's own two seeds: where to start, and on which of the 2^63 sequences.
  constexpr Rng(std::uint64_t state, std::uint64_t sequence) : increment_(sequence << 1 | 1) {
    next();
    state_ += state;
    next();
  }

  constexpr std::uint32_t next() {
    const std::uint64_t old = state_;
    state_ = old * 6364136223846793005ULL + increment_;
    const auto shifted = static_cast<std::uint32_t>(((old >> 18) ^ old) >> 27);
    const auto rotation = static_cast<unsigned>(old >> 59);
    return shifted >> rotation | shifted << ((32 - rotation) & 31);
  }

  // Evenly in [0, bound), bound > 0; without modulo bias (Lemire, "Fast Random Integer Generation in an Interval",
  // 2019).
  constexpr std::uint32_t below(std::uint32_t bound) {
    std::uint64_t product = std::uint64_t{next()} * bound;
    if (static_cast<std::uint32_t>(product) < bound) {
      const std::uint32_t threshold = (0U - bound) % bound;
      while (static_cast<std::uint32_t>(product) < threshold) product = std::uint64_t{next()} * bound;
    }
    return static_cast<std::uint32_t>(product >> 32);
  }

  // Evenly in [low, high], low <= high.
  std::int64_t between(std::int64_t low, std::int64_t high);

  constexpr bool one_in(std::uint32_t n) { return below(n) == 0; }

  // An element of a non-empty container.
  template <class Items>
  constexpr decltype(auto) pick(const Items& items) {
    return items[below(static_cast<std::uint32_t>(std::size(items)))];
  }

 private:
  std::uint64_t state_ = 0;
  std::uint64_t increment_;
};

}  // namespace mimus::server
