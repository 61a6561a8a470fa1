// A thread that does one job after the other, and something else every now and then in between. The control API works
// on it, so that reading a hundred megabytes of fixtures holds up no stream.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace mimus::server {

class Worker {
 public:
  // `tick` is called about every `interval`; none: never. Starts at once.
  Worker(std::function<void()> tick, std::chrono::milliseconds interval);
  // Does what was posted, then ends.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // False: there is too much to do already, and `job` will not be done. Any thread.
  bool post(std::function<void()> job);

 private:
  static constexpr std::size_t kMostJobs = 1000;
  void run();

  std::function<void()> tick_;
  std::chrono::milliseconds interval_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace mimus::server
