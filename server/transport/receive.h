// Reads from a socket and tells when the bytes reached this machine. A reader that gets a core late would otherwise
// count due times from the moment it woke, and a stream that began in such a moment would be late for life.
// Linux tells (SO_TIMESTAMPNS, socket(7)); elsewhere it is the moment of reading. Thread-safe.
#pragma once

#include <sys/types.h>

#include <span>

#include "server/clock.h"

namespace mimus::server {

// What is accepted from the listening `socket` from now on has stamps.
void stamp_arrivals(int socket);

struct Received {
  ssize_t size;      // as of recv()
  MonotonicTime at;  // when the last of the bytes arrived; never after `now`, nor long before it
};
Received receive(int socket, std::span<char> into, MonotonicTime now);

}  // namespace mimus::server
