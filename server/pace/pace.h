// When the tokens of a reply leave: the settings of a pace, and the schedule they give.
#pragma once

#include <cstdint>

#include "server/clock.h"

namespace mimus::server {

struct Pace {
  Duration ttft{0};      // from the complete request to the first token
  Duration token{0};     // between tokens
  int chunk_tokens = 1;  // tokens per stream chunk
};

}  // namespace mimus::server
