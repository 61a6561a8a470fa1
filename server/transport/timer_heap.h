// A heap of moments, each belonging to something that waits for it; setting and removing take O(log n), and what is
// removed is really gone. Not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "server/clock.h"

namespace mimus::server {

// What waits derives from this. Neither copied nor moved while it is in a heap.
struct Timer {
  MonotonicTime due{};
  std::uint32_t place = kNowhere;  // in the heap
  static constexpr std::uint32_t kNowhere = ~std::uint32_t{0};
};

class TimerHeap {
 public:
  [[nodiscard]] Timer* earliest() const { return heap_.empty() ? nullptr : heap_.front(); }

  void set(Timer& timer, MonotonicTime due) {
    if (timer.place == Timer::kNowhere) {
      timer.place = static_cast<std::uint32_t>(heap_.size());
      heap_.push_back(&timer);
    }
    timer.due = due;
    rise(timer);
    sink(timer);
  }

  void remove(Timer& timer) {
    if (timer.place == Timer::kNowhere) return;
    Timer& last = *heap_.back();
    put(last, timer.place);
    heap_.pop_back();
    timer.place = Timer::kNowhere;
    if (&last == &timer) return;
    rise(last);
    sink(last);
  }

 private:
  void put(Timer& timer, std::size_t place) {
    heap_[place] = &timer;
    timer.place = static_cast<std::uint32_t>(place);
  }
  void rise(Timer& timer) {
    while (timer.place > 0) {
      Timer& parent = *heap_[(timer.place - 1) / 2];
      if (parent.due <= timer.due) return;
      const std::size_t place = parent.place;
      put(parent, timer.place);
      put(timer, place);
    }
  }
  void sink(Timer& timer) {
    while (true) {
      std::size_t child = std::size_t{timer.place} * 2 + 1;
      if (child >= heap_.size()) return;
      if (child + 1 < heap_.size() && heap_[child + 1]->due < heap_[child]->due) ++child;
      if (timer.due <= heap_[child]->due) return;
      put(*heap_[child], timer.place);
      put(timer, child);
    }
  }

  std::vector<Timer*> heap_;
};

}  // namespace mimus::server
