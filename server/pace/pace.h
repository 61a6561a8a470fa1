// When the tokens of a reply leave: the settings of a pace, and how people write them.
#pragma once

#include <cstdint>
#include <string_view>

#include "api/result.h"
#include "server/clock.h"

namespace mimus::server {

// How the time between two tokens varies around Pace::token. The mean stays; the draw is seeded.
struct Jitter {
  enum class Kind {
    None,
    Uniform,    // between 1-F and 1+F times the time
    LogNormal,  // with the coefficient of variation CV: few late tokens, as models under load have them
  };
  Kind kind = Kind::None;
  std::int32_t millionths = 0;  // F or CV, as a whole number so that every platform computes the same
  bool operator==(const Jitter&) const = default;
};

struct Pace {
  Duration ttft{0};      // from the complete request to the first token; jitter leaves it alone
  Duration token{0};     // between tokens
  int chunk_tokens = 1;  // tokens per stream chunk
  Jitter jitter{};
  bool operator==(const Pace&) const = default;
};

// The longest time that read_duration takes.
inline constexpr Duration kLongestDuration = std::chrono::hours(1);

// "200ms", "1.5s", "80us": a number with at most six decimals and its unit, at most an hour. "0" needs none.
Result<Duration> read_duration(std::string_view text);

// "lognormal:0.3" (0 to 3), "uniform:0.5" (0 to 1), "none".
Result<Jitter> read_jitter(std::string_view text);

}  // namespace mimus::server
