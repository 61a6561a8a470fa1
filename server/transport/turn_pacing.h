// When an event loop with thousands of paced streams looks for what is due. To wake up for each token costs as much as
// to send it: timer, context switch, a kernel that has to find the sleeping client. So what falls due shortly after a
// turn waits for company, by less than the clock of any client could tell.
#pragma once

#include <algorithm>
#include <chrono>

#include "server/clock.h"

namespace mimus::server {

// Between the beginnings of two turns that no event asks for. The most that a token is late by this.
inline constexpr std::chrono::microseconds kTurnsApart(500);

// The moment of the next turn, if nothing happens before: `turn` is when the last one began, `due` when the earliest
// run has something. Never before `due`, and at once where something is left over from the last turn.
inline MonotonicTime next_turn(MonotonicTime turn, MonotonicTime due) {
  return due <= turn ? due : std::max(due, turn + kTurnsApart);
}

}  // namespace mimus::server
