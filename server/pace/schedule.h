// The times at which the tokens of one reply leave. Deterministic: a function of the pace and a seed, in whole numbers
// only, so every platform gives the same microseconds.
#pragma once

#include <cstdint>

#include "server/pace/pace.h"
#include "server/split_mix.h"

namespace mimus::server {

// Token 0 leaves at `ttft`, token k+1 one (jittered) interval after token k. A reply of k tokens ends when token k
// would have come: a model says so only then, and a whole reply is due as late as the end of the streamed one. A
// cursor: ask for tokens in rising order; asking for an earlier one gives the time of the latest asked.
class Schedule {
 public:
  Schedule(const Pace& pace, std::uint64_t seed);

  [[nodiscard]] Duration due(std::int64_t token);

 private:
  [[nodiscard]] Duration interval();

  Pace pace_;
  SplitMix64 numbers_;
  std::int64_t sigma_ = 0;  // of the logarithm, in 1/2^30
  std::int64_t token_ = 0;
  Duration at_;
};

// When a reply of `tokens` tokens leaves that is not streamed.
Duration whole_due(const Pace& pace, std::uint64_t seed, std::int64_t tokens);

}  // namespace mimus::server
