#include "conformance/validate/folded.h"

#include <gtest/gtest.h>

namespace mimus::conformance {
namespace {

TEST(Folded, TakesArgumentsForEqualThatAreOnlySpelledInAnotherWay) {
  struct Row {
    const char* a;
    const char* b;
    bool same;
  };
  const Row rows[] = {
      {R"({"a": 1, "b": [2, 3]})", R"({"a":1,"b":[2,3]})", true},
      {R"({"a":"\u00e9 \"x\""})", "{\"a\": \"\u00e9 \\\"x\\\"\"}", true},
      {R"({"a":"b c"})", R"({"a":"bc"})", false},
      {R"({"n":1.0})", R"({"n":1})", false},
      {R"({"n":12345678901234567890})", R"({"n":12345678901234567000})", false},
      {R"({"a":1,"b":2})", R"({"b":2,"a":1})", false},
      {R"({"a": 1)", R"({"a":1)", false},
      {R"("\\")", R"("\u005c")", true},
  };
  for (const Row& row : rows) EXPECT_EQ(plain_arguments(row.a) == plain_arguments(row.b), row.same) << row.a;
}

}  // namespace
}  // namespace mimus::conformance
