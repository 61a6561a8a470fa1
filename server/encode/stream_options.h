// How a reply is to be streamed, beyond what it says.
#pragma once

#include <cstdint>

#include "server/pace/pace.h"

namespace mimus::server {

struct StreamOptions {
  bool include_usage = false;  // a chunk with the usage at the end, and a null in all others (chat, completions)
  bool obfuscate = false;      // pad chunks to equal size, where the protocol has a member for it
  Pace pace{};
  std::uint64_t seed = 0;  // of padding and jitter
};

}  // namespace mimus::server
