#include "server/transport/turn_pacing.h"

#include <gtest/gtest.h>

#include <vector>

namespace mimus::server {
namespace {

using namespace std::chrono_literals;

MonotonicTime at(std::chrono::microseconds time) {
  return MonotonicTime(time);
}

TEST(NextTurn, ComesWhenSomethingIsDueButNotTooSoonAfterTheLast) {
  struct Case {
    const char* name;
    std::chrono::microseconds turn, due, next;
  };
  const std::vector<Case> cases = {
      {"left over from the last turn", 1000us, 1000us, 1000us},
      {"overdue long since", 1000us, 20us, 20us},
      {"due just after it", 1000us, 1001us, 1500us},
      {"due as late as others wait", 1000us, 1500us, 1500us},
      {"due later: to the microsecond", 1000us, 1501us, 1501us},
      {"a single stream with a token each 20 ms", 1000us, 21000us, 21000us},
  };
  for (const Case& c : cases) EXPECT_EQ(next_turn(at(c.turn), at(c.due)), at(c.next)) << c.name;
}

}  // namespace
}  // namespace mimus::server
