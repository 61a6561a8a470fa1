// A mutex for sections of less than a microsecond that threads enter thousands of times a second. It tries again for
// about that long before it lets the system put the thread to sleep: sleeping and waking take several times longer.
// Meets the standard's Lockable; not recursive.
#pragma once

#include <mutex>

namespace mimus {

class BriefMutex {
 public:
  void lock() {
    for (int i = 0; i < kTries; ++i) {
      if (mutex_.try_lock()) return;
      pause();
    }
    mutex_.lock();
  }
  bool try_lock() { return mutex_.try_lock(); }
  void unlock() { mutex_.unlock(); }

 private:
  static constexpr int kTries = 30;

  static void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
  }

  std::mutex mutex_;
};

}  // namespace mimus
