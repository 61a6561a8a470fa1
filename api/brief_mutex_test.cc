#include "api/brief_mutex.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

namespace mimus {
namespace {

TEST(BriefMutex, LetsOneThreadInAtATime) {
  constexpr int kThreads = 4;
  constexpr int kTimes = 20'000;
  BriefMutex mutex;
  int count = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int time = 0; time < kTimes; ++time) {
        const std::lock_guard lock(mutex);
        ++count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(count, kThreads * kTimes);
}

// Longer than it tries before it sleeps.
TEST(BriefMutex, WaitsForOneThatHoldsItLong) {
  BriefMutex mutex;
  mutex.lock();
  std::atomic<bool> waits{false};
  bool was_free = true;
  bool is_over = false;
  bool was_over = false;
  std::thread other([&] {
    was_free = mutex.try_lock();
    waits = true;
    const std::lock_guard lock(mutex);
    was_over = is_over;
  });
  while (!waits) std::this_thread::yield();
  for (int i = 0; i < 10'000; ++i) std::this_thread::yield();
  is_over = true;
  mutex.unlock();
  other.join();
  EXPECT_FALSE(was_free);
  EXPECT_TRUE(was_over);
  EXPECT_TRUE(mutex.try_lock());
  mutex.unlock();
}

}  // namespace
}  // namespace mimus
