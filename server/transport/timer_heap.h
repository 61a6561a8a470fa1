// A heap of moments, each belonging to a number (of a connection's slot, say); setting and removing take O(log n), and
// what is removed is really gone. All of it lies in two arrays: with thousands of connections a heap that looked into
// each of them would wait for memory most of the time. Not thread-safe.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "server/clock.h"

namespace mimus::server {

class TimerHeap {
 public:
  struct Timer {
    MonotonicTime due;
    std::uint32_t id;
  };

  [[nodiscard]] const Timer* earliest() const { return heap_.empty() ? nullptr : &heap_.front(); }
  [[nodiscard]] bool holds(std::uint32_t id) const { return id < places_.size() && places_[id] != kNowhere; }

  // Ids count from 0 and are dense: memory grows with the highest one.
  void set(std::uint32_t id, MonotonicTime due) {
    if (id >= places_.size()) places_.resize(id + 1, kNowhere);
    if (places_[id] == kNowhere) {
      places_[id] = static_cast<std::uint32_t>(heap_.size());
      heap_.push_back({due, id});
    }
    settle(places_[id], {due, id});
  }

  void remove(std::uint32_t id) {
    if (!holds(id)) return;
    const std::size_t place = places_[id];
    places_[id] = kNowhere;
    const Timer last = heap_.back();
    heap_.pop_back();
    if (last.id != id) settle(place, last);
  }

 private:
  static constexpr std::uint32_t kNowhere = ~std::uint32_t{0};
  static constexpr std::size_t kChildren = 4;

  // Finds where `timer` belongs, beginning at `place`, which is free.
  void settle(std::size_t place, const Timer& timer) {
    while (place > 0 && timer.due < heap_[(place - 1) / kChildren].due) place = move((place - 1) / kChildren, place);
    while (const std::size_t child = least_child(place)) {
      if (timer.due <= heap_[child].due) break;
      place = move(child, place);
    }
    put(timer, place);
  }

  // 0: there is none.
  [[nodiscard]] std::size_t least_child(std::size_t place) const {
    const std::size_t first = place * kChildren + 1;
    if (first >= heap_.size()) return 0;
    std::size_t least = first;
    for (std::size_t i = first + 1; i < std::min(first + kChildren, heap_.size()); ++i) {
      if (heap_[i].due < heap_[least].due) least = i;
    }
    return least;
  }

  std::size_t move(std::size_t from, std::size_t to) {
    put(heap_[from], to);
    return from;
  }
  void put(const Timer& timer, std::size_t place) {
    heap_[place] = timer;
    places_[timer.id] = static_cast<std::uint32_t>(place);
  }

  std::vector<Timer> heap_;
  std::vector<std::uint32_t> places_;  // of each id in heap_
};

}  // namespace mimus::server
