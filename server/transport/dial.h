// Connecting to somebody else. Blocks. POSIX only.
#pragma once

#include <string>

#include "api/result.h"
#include "server/clock.h"

namespace mimus::server {

// A connected, non-blocking socket, which the caller owns; each address of the name is tried in turn. Gives up at
// `deadline`, or once `cancel` is readable. While a name is looked up it does neither. Errc::Unavailable says why.
Result<int> dial(const std::string& host, int port, MonotonicTime deadline, int cancel);

}  // namespace mimus::server
