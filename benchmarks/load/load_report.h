// A LoadResult for people and for programs.
#pragma once

#include <string>

#include "benchmarks/load/load_run.h"

namespace mimus::load {

// A few lines, one subject each, with units.
std::string text_report(const LoadResult& result);

// One JSON object; times are integers in nanoseconds, memory in bytes.
std::string json_report(const LoadResult& result);

}  // namespace mimus::load
