// Durations as Go prints them, which is how x-ratelimit-reset-* and "Please try again in ..." are written.
// Source: observed headers of the OpenAI API: 6ms, 174ms, 1s, 1.2s, 50.529s, 23m16.298s, 6m0s, 1h0m0s.
#pragma once

#include <string>

#include "server/clock.h"

namespace mimus::server {

// `duration` rounded to milliseconds (half up), at least "0s": below a second whole milliseconds; else seconds with up
// to three decimals and no trailing zeros, after minutes and hours where there are any. Negative durations are "0s".
std::string go_duration(Duration duration);

}  // namespace mimus::server
