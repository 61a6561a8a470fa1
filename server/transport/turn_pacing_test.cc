#include "server/transport/turn_pacing.h"

#include <gtest/gtest.h>

#include <vector>

namespace mimus::server {
namespace {

using namespace std::chrono_literals;

MonotonicTime at(std::chrono::microseconds time) {
  return MonotonicTime(time);
}

TEST(NextTurn, ComesWhenSomethingIsDueButNotBeforeAPauseAsLongAsTheLast) {
  struct Case {
    const char* name;
    std::chrono::microseconds begin, end, due, next;
  };
  const std::vector<Case> cases = {
      {"left over from the last turn", 1000us, 1030us, 1000us, 1000us},
      {"overdue long since", 1000us, 1030us, 20us, 20us},
      {"due within the last turn", 1000us, 1030us, 1010us, 1060us},
      {"due in the pause", 1000us, 1030us, 1059us, 1060us},
      {"due later: to the microsecond", 1000us, 1030us, 1061us, 1061us},
      {"a turn of nothing", 1000us, 1000us, 1001us, 1001us},
      {"a long turn", 1000us, 3000us, 3001us, 3500us},
      {"a single stream with a token each 20 ms", 1000us, 1015us, 21000us, 21000us},
  };
  for (const Case& c : cases) EXPECT_EQ(next_turn(at(c.begin), at(c.end), at(c.due)), at(c.next)) << c.name;
}

}  // namespace
}  // namespace mimus::server
