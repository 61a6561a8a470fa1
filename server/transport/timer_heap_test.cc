#include "server/transport/timer_heap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>

namespace mimus::server {
namespace {

MonotonicTime at(int ms) {
  return MonotonicTime(std::chrono::milliseconds(ms));
}

TEST(TimerHeap, AgreesWithASortedListUnderRandomChanges) {
  TimerHeap heap;
  std::array<std::optional<int>, 50> expected;
  std::uint32_t state = 1;
  const auto random = [&state] { return (state = state * 1664525u + 1013904223u) >> 8; };
  for (int i = 0; i < 5000; ++i) {
    const std::uint32_t which = random() % expected.size();
    if (random() % 3 == 0) {
      heap.remove(which);
      expected[which].reset();
    } else {
      expected[which] = static_cast<int>(random() % 1000);
      heap.set(which, at(*expected[which]));
    }
    std::optional<int> least;
    for (const auto& e : expected) {
      if (e) least = std::min(least.value_or(*e), *e);
    }
    ASSERT_EQ(heap.holds(which), expected[which].has_value());
    ASSERT_EQ(heap.earliest() != nullptr, least.has_value());
    if (least) {
      ASSERT_EQ(heap.earliest()->due, at(*least)) << "after change " << i;
      ASSERT_EQ(expected[heap.earliest()->id], *least) << "after change " << i;
    }
  }
}

}  // namespace
}  // namespace mimus::server
