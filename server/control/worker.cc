#include "server/control/worker.h"

#include <utility>

namespace mimus::server {

Worker::Worker(std::function<void()> tick, std::chrono::milliseconds interval)
    : tick_(std::move(tick)), interval_(interval), thread_([this] { run(); }) {}

Worker::~Worker() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

bool Worker::post(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    if (jobs_.size() >= kMostJobs) return false;
    jobs_.push_back(std::move(job));
  }
  changed_.notify_one();
  return true;
}

void Worker::run() {
  auto next_tick = std::chrono::steady_clock::now() + interval_;
  std::unique_lock lock(mutex_);
  const auto has_news = [this] { return is_stopping_ || !jobs_.empty(); };
  while (true) {
    if (tick_) {
      changed_.wait_until(lock, next_tick, has_news);
    } else {
      changed_.wait(lock, has_news);
    }
    if (!jobs_.empty()) {
      const std::function<void()> job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      job();
      lock.lock();
    } else if (is_stopping_) {
      return;
    }
    if (tick_ && std::chrono::steady_clock::now() >= next_tick) {
      lock.unlock();
      tick_();
      next_tick = std::chrono::steady_clock::now() + interval_;
      lock.lock();
    }
  }
}

}  // namespace mimus::server
