#include "server/percent.h"

#include <gtest/gtest.h>

namespace mimus::server {
namespace {

struct Row {
  const char* text;
  const char* of_path;
  const char* of_query;
};

TEST(Percent, DecodesWhatIsAnEscapeAndLeavesTheRest) {
  const Row rows[] = {
      {"", "", ""},
      {"a%20b", "a b", "a b"},
      {"a+b", "a+b", "a b"},
      {"a%2Bb%2fc", "a+b/c", "a+b/c"},
      {"%C3%a9", "\xC3\xA9", "\xC3\xA9"},
      {"%", "%", "%"},
      {"50%2", "50%2", "50%2"},
      {"%zz%2", "%zz%2", "%zz%2"},
      {"%%41", "%A", "%A"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(percent_decoded(row.text), row.of_path) << row.text;
    EXPECT_EQ(query_decoded(row.text), row.of_query) << row.text;
  }
}

}  // namespace
}  // namespace mimus::server
