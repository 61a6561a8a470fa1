// How late frames arrived against the moment they were due.
#pragma once

#include <chrono>
#include <vector>

namespace mimus::load {

using Lateness = std::chrono::microseconds;

// The value below which `fraction` (0 to 1) of `samples` lie, by the nearest-rank method; 0 without samples.
Lateness percentile(std::vector<Lateness> samples, double fraction);

}  // namespace mimus::load
