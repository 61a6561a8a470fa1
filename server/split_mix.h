// SplitMix64 (Steele, Lea, Flood 2014): a number generator of one word of state, the same on every platform.
#pragma once

#include <cstdint>

namespace mimus::server {

class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() { return mixed(state_ += kStep); }

  // A number below `bound`, which is at most 2^32: by multiplication, so that no modulo favours small ones visibly.
  std::uint32_t below(std::uint64_t bound) { return static_cast<std::uint32_t>(((next() >> 32) * bound) >> 32); }

  // The finaliser alone: spreads every bit of `value` over all 64.
  static std::uint64_t mixed(std::uint64_t value) {
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31);
  }

  static constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15U;

 private:
  std::uint64_t state_;
};

}  // namespace mimus::server
