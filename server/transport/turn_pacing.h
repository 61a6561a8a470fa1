// When an event loop looks again for what is due. To wake up for each token costs about as much as to send it: a timer,
// a switch, a kernel that has to find the client. With few streams nobody minds; when they fill half a core, what falls
// due shortly after a turn waits for company.
#pragma once

#include <algorithm>
#include <chrono>

#include "server/clock.h"

namespace mimus::server {

// The most that a token is late by this.
inline constexpr std::chrono::microseconds kLongestPause(500);

// The moment of the next turn, if nothing happens before. The last one went from `begin` to `end`; the earliest run has
// something at `due`. A turn is followed by a pause as long as itself: of a loop that is busy for less than half of its
// time turns and pauses become shorter and shorter, of one that is busier longer. Never before `due`, and at once where
// a turn left something over.
inline MonotonicTime next_turn(MonotonicTime begin, MonotonicTime end, MonotonicTime due) {
  if (due <= begin) return due;
  return std::max(due, end + std::min<MonotonicTime::duration>(end - begin, kLongestPause));
}

}  // namespace mimus::server
