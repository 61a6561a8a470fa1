#include <gtest/gtest.h>

#include <chrono>

#include "server/match/glob.h"
#include "server/match/text_pattern.h"

namespace mimus::server {
namespace {

TEST(Glob, FitsTheWholeText) {
  struct Row {
    const char* glob;
    const char* text;
    bool fits;
  };
  const Row rows[] = {
      {"", "", true},
      {"", "a", false},
      {"*", "", true},
      {"a*", "a", true},
      {"*a", "ba", true},
      {"*a", "ab", false},
      {"a*b*c", "aXbYbZc", true},
      {"a*b*c", "acb", false},
      {"*ab", "aab", true},
      {"?", "é", true},
      {"??", "é", false},
      {"a?c", "abc", true},
      {"a?c", "ac", false},
      {"\\*", "*", true},
      {"\\*", "x", false},
      {"*?", "", false},
      {"*\\?*", "why?", true},
      {"a*a", "a", false},
      {"gpt-4*", "gpt-4", true},
      {"*b", "abab", true},
  };
  for (const Row& row : rows) EXPECT_EQ(fits_glob(row.glob, row.text), row.fits) << row.glob << " on " << row.text;
}

TEST(TextPattern, NamesALiteralThatNoMatchCanLack) {
  struct Row {
    TextPattern::Kind kind;
    const char* pattern;
    const char* literal;
  };
  using Kind = TextPattern::Kind;
  const Row rows[] = {
      {Kind::Exact, "abc", "abc"},
      {Kind::Contains, "abc", "abc"},
      {Kind::Glob, "a*bcd*", "bcd"},
      {Kind::Glob, "a\\*b?c", "a*b"},
      {Kind::Regex, "^hello world", "hello world"},
      {Kind::Regex, "ab|cd", ""},
      {Kind::Regex, "(?i)aBc", "aBc"},
      {Kind::Regex, "(?i)the weather kiss", "the weather "},
      {Kind::Regex, "(?i)é+abc", "abc"},
      {Kind::Regex, "(?im)abc", ""},
      {Kind::Regex, "weather.*Paris", "weather"},
      {Kind::Regex, "colou?r", "colo"},
      {Kind::Regex, "x{2}abc", ""},
      {Kind::Regex, "abc[de]f", "abc"},
      {Kind::Regex, "a.bcde", "bcde"},
      {Kind::Regex, "abc\\d", "abc"},
      {Kind::Regex, "né*x", "n"},
  };
  for (const Row& row : rows) {
    const auto test = TextPattern::make(row.kind, row.pattern);
    ASSERT_TRUE(test);
    EXPECT_EQ(test->required(), row.literal) << row.pattern;
  }
}

TEST(TextPattern, StaysFastOnAPatternThatBacktrackersHangOn) {
  const auto test = TextPattern::make(TextPattern::Kind::Regex, "^(a+)+$");
  ASSERT_TRUE(test);
  const std::string text = std::string(100'000, 'a') + "b";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(test->holds(text));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

}  // namespace
}  // namespace mimus::server
