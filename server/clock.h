// Time as the server shows it to clients (created, reset times, limit windows). Pacing does not use it: frames leave by
// the machine's monotonic clock. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace mimus::server {

using Duration = std::chrono::microseconds;
using MonotonicTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

// The clock of one server: runs with the machine, or stands still until it is advanced.
class Clock {
 public:
  static Clock real() { return Clock(false, {}); }
  static Clock frozen(WallTime at) { return Clock(true, at.time_since_epoch()); }

  [[nodiscard]] WallTime now() const {
    const Duration offset(offset_.load(std::memory_order_relaxed));
    if (frozen_.load(std::memory_order_relaxed)) return WallTime(offset);
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()) + offset;
  }
  [[nodiscard]] std::int64_t epoch_seconds() const {
    return std::chrono::floor<std::chrono::seconds>(now()).time_since_epoch().count();
  }
  [[nodiscard]] bool is_frozen() const { return frozen_.load(std::memory_order_relaxed); }

  // Moves the time forward, frozen or not.
  void advance(Duration by) { offset_.fetch_add(by.count(), std::memory_order_relaxed); }
  // Stops it where it is (or at `at`); run() lets it go on from there. Meant for one caller at a time: the control API.
  void freeze() { freeze(now()); }
  void freeze(WallTime at) {
    offset_.store(at.time_since_epoch().count(), std::memory_order_relaxed);
    frozen_.store(true, std::memory_order_relaxed);
  }
  void run() {
    const WallTime at = now();
    const auto machine = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    frozen_.store(false, std::memory_order_relaxed);
    offset_.store((at - machine).count(), std::memory_order_relaxed);
  }

 private:
  Clock(bool is_frozen, Duration offset) : frozen_(is_frozen), offset_(offset.count()) {}
  std::atomic<bool> frozen_;
  std::atomic<std::int64_t> offset_;  // frozen: since the epoch; else added to the machine's time; microseconds
};

}  // namespace mimus::server
