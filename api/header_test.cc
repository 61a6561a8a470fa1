#include "api/header.h"

#include <gtest/gtest.h>

namespace mimus {
namespace {

struct Row {
  std::string_view a;
  std::string_view b;
  bool is_equal;
};

TEST(Header, NamesAreComparedWithoutCase) {
  const Row rows[] = {
      {"", "", true},
      {"", "a", false},
      {"Host", "hOST", true},
      {"Content-Type", "content-type", true},
      {"Content-Type", "content-tape", false},
      {"Content-Type", "content_type", false},
      {"Content-Length", "xontent-length", false},
      {"X-Ratelimit-Limit", "x-ratelimit-limiT", true},
      {"X-Ratelimit-Limit", "x-ratelimit-limit-", false},
  };
  for (const Row& row : rows) EXPECT_EQ(equal_ignoring_case(row.a, row.b), row.is_equal) << row.a << " " << row.b;
}

TEST(Header, OnlyLettersHaveACase) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  for (const std::size_t at : {0U, 1U}) {
    std::string a = "xx";
    std::string b = "XX";
    for (int pair = 0; pair < 0x10000; ++pair) {
      a[at] = static_cast<char>(pair & 0xFF);
      b[at] = static_cast<char>(pair >> 8);
      ASSERT_EQ(equal_ignoring_case(a, b), lower(a[at]) == lower(b[at])) << at << " " << pair;
    }
  }
}

}  // namespace
}  // namespace mimus
