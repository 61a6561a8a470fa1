// What a process uses, read from Linux's /proc.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace mimus::load {

struct ProcessUsage {
  std::int64_t resident_bytes = 0;   // VmRSS of /proc/PID/status
  std::chrono::milliseconds cpu{0};  // user and system time of /proc/PID/stat, to the clock tick (10 ms)
};

// Nothing when there is no such process.
std::optional<ProcessUsage> find_process_usage(int pid);

}  // namespace mimus::load
