#include "server/synth/schema/pattern.h"

#include <gtest/gtest.h>

#include "server/char_class.h"

namespace mimus::server {
namespace {

struct MatchCase {
  std::string pattern;
  std::vector<std::string> yes;
  std::vector<std::string> no;
};

const MatchCase kCases[] = {
    {"", {"", "x"}, {}},
    {"b", {"abc"}, {"ac", ""}},
    {"^a|b$", {"ax", "xb"}, {"xax", "bx"}},
    {"^[a-c]+$", {"a", "abc"}, {"", "abd"}},
    {"^[^a-c]{2}$", {"xy", "--"}, {"ax", "x"}},
    {"^\\d{3}-\\d{4}$", {"555-1234"}, {"5555-123", "555-12345"}},
    {"^(foo|ba[rz])?$", {"", "foo", "bar", "baz"}, {"ba", "fo"}},
    {"^\\w+\\s\\S*\\D$", {"a bc", "a b"}, {"a 1", "ab"}},
    {"^(a*)*$", {"", "aaaa"}, {"b"}},
    {"^(a?){3}b$", {"b", "aaab"}, {"aaaab"}},
    {"^(?:ab){2,}$", {"abab", "ababab"}, {"ab", "aba"}},
    {"^(?<year>[0-9]{4})$", {"2024"}, {"24"}},
    {"^[\\w.+-]+@[\\w-]+\\.com$", {"a.b@c.com"}, {"a@b.org"}},
    {"^[-a]$", {"-", "a"}, {"b"}},
    {"^[\\]\\\\]$", {"]", "\\"}, {"["}},
    {"^.$", {"x", "\u4f60", "\U0001F600"}, {"\n", "xy"}},
    {"^\\u0041\\x42\\u{43}$", {"ABC"}, {"abc"}},
    {"^\\p{Lu}\\p{L}*$", {"Ab", "A"}, {"ab"}},
    {"\\bcat\\b", {"a cat"}, {"concat"}},
    {"^(?=.*\\d)(?!x).{2,}$", {"a1"}, {"ab", "x1", "1"}},
    {"^a{0}b$", {"b"}, {"ab"}},
    {"^\\^\\$\\.\\*$", {"^$.*"}, {"x"}},
    {"^{$", {"{"}, {"x"}},
    {"^a{,2}$", {"a{,2}"}, {"aa"}},
};

TEST(Pattern, MatchesAsEcmaScriptDoes) {
  for (const MatchCase& c : kCases) {
    const auto pattern = Pattern::parse(c.pattern);
    ASSERT_TRUE(pattern) << c.pattern << ": " << pattern.error().text();
    for (const auto& text : c.yes) EXPECT_TRUE(pattern->matches(text)) << c.pattern << " on " << text;
    for (const auto& text : c.no) EXPECT_FALSE(pattern->matches(text)) << c.pattern << " on " << text;
  }
}

TEST(Pattern, WritesTextsThatMatch) {
  for (const MatchCase& c : kCases) {
    const auto pattern = Pattern::parse(c.pattern);
    int good = 0;
    Rng rng(1);
    for (int i = 0; i < 40; ++i) good += pattern->matches(pattern->write(rng)) ? 1 : 0;
    // Only what looks around needs luck.
    EXPECT_GE(good, c.pattern.find("(?=") == std::string::npos ? 40 : 3) << c.pattern;
  }
}

TEST(Pattern, WritesTheLengthAskedFor) {
  Rng rng(1);
  EXPECT_EQ(count_chars(Pattern::parse("^[a-z]+$")->write(rng, 70)), 70U);
  EXPECT_EQ(count_chars(Pattern::parse("^(ab)*c?$")->write(rng, 9)), 9U);
  EXPECT_EQ(Pattern::parse("^[a-z]{3,5}-(xy|z)+$")->shortest(), 5U);
}

TEST(Pattern, NamesWhatItCannotDo) {
  const std::pair<std::string, std::string> cases[] = {
      {"(a", "expected )"},
      {"a)", "unmatched )"},
      {"[a", "expected ]"},
      {"*", "nothing to repeat"},
      {"(a)\\1", "back references"},
      {"(?<=a)b", "look-behind"},
      {"(?i)a", "flags"},
      {"[z-a]", "wrong order"},
      {"a{3,2}", "wrong order"},
      {"\\p{Greek}", "not supported"},
      {"\\", "a backslash ends it"},
      {"a{999999}", "above 5000"},
      {"\\xZZ", "hexadecimal"},
      {std::string(200, '(') + std::string(200, ')'), "too deep"},
  };
  for (const auto& [text, message] : cases) {
    const auto pattern = Pattern::parse(text);
    ASSERT_FALSE(pattern) << text;
    EXPECT_NE(pattern.error().message.find(message), std::string::npos) << pattern.error().message;
  }
}

}  // namespace
}  // namespace mimus::server
