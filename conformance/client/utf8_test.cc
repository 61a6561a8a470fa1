#include "conformance/client/utf8.h"

#include <gtest/gtest.h>

namespace mimus::conformance {
namespace {

TEST(Utf8, FindsTheFirstByteThatCannotBelong) {
  struct Row {
    std::string_view text;
    std::optional<std::size_t> invalid;
  };
  const std::vector<Row> rows = {
      {"plain", std::nullopt},
      {"\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80", std::nullopt},
      {"\xF4\x8F\xBF\xBF", std::nullopt},  // the last code point
      {"ab\xFF", 2},
      {"\x80", 0},
      {"\xC0\xAF", 0},          // overlong
      {"\xE0\x80\xAF", 0},      // overlong
      {"\xED\xA0\x80", 0},      // a surrogate
      {"\xF4\x90\x80\x80", 0},  // beyond the last
      {"a\xE2\x82", 1},         // cut
      {"a\xE2\x82z", 1},
  };
  for (const Row& row : rows) EXPECT_EQ(find_invalid_utf8(row.text), row.invalid) << row.text;
}

}  // namespace
}  // namespace mimus::conformance
