#include "server/tokens.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/char_class.h"
#include "server/synth/rng.h"

namespace mimus::server {
namespace {

using Tokens = std::vector<std::string>;

Tokens split(std::string_view text) {
  Tokens tokens;
  while (!text.empty()) {
    tokens.emplace_back(text.substr(0, first_token_size(text)));
    text.remove_prefix(tokens.back().size());
  }
  return tokens;
}

struct SplitCase {
  std::string text;
  Tokens tokens;
};

TEST(Tokens, FollowTheRule) {
  const SplitCase cases[] = {
      {"", {}},
      {"Hello!", {"Hello", "!"}},
      {"You are helpful.", {"You", " are", " helpful", "."}},
      {"internationalization", {"inter", "natio", "naliz", "ation"}},
      {"assistants", {"assis", "tants"}},
      {"abcdefgh", {"abcdefgh"}},
      {"abcdefghi", {"abcde", "fghi"}},
      {"12345", {"123", "45"}},
      {"in 2024", {"in", " ", "202", "4"}},
      {"a   b", {"a", "  ", " b"}},
      {"a \n\n b ", {"a", " ", "\n\n", " b", " "}},
      {"wait...?!", {"wait", "..", ".?", "!"}},
      {" {\"a\": 1}", {" {\"", "a", "\":", " ", "1", "}"}},
      {"caf\u00e9", {"caf", "\u00e9"}},
      {"\u043f\u0440\u0438\u0432\u0435\u0442", {"\u043f\u0440\u0438", "\u0432\u0435\u0442"}},
      {"\u4f60\u597d \u4e16", {"\u4f60", "\u597d", " \u4e16"}},
      {"ok \U0001F44D\U0001F3FD", {"ok", " \U0001F44D", "\U0001F3FD"}},
      {"x\u2028y", {"x", "\u2028", "y"}},
  };
  for (const SplitCase& c : cases) EXPECT_EQ(split(c.text), c.tokens) << c.text;
}

// The two worked examples of the published prompt estimate; "assistant" has nine letters, so it is two tokens here.
TEST(Tokens, AreNearTheRealCounts) {
  EXPECT_EQ(count_tokens("You are a helpful assistant."), 6 + 1);
  EXPECT_EQ(count_tokens("Say this is a test!"), 6);
  EXPECT_EQ(count_tokens("Hello!"), 2);
}

std::string random_text(Rng& rng) {
  static const std::string kParts[] = {"a",
                                       "Zebra",
                                       "extraordinarily",
                                       " ",
                                       "  ",
                                       "\n",
                                       "\r\n",
                                       "\t",
                                       "7",
                                       "1234",
                                       ".",
                                       "!?",
                                       "\u00e9",
                                       "\u00df\u00fc",
                                       "\u4e2d",
                                       "\u3042",
                                       "\ud55c",
                                       "\U0001F600",
                                       "\u200d",
                                       "\ufe0f",
                                       "\u00a0",
                                       "\u3000",
                                       "\u2014",
                                       "\u0434\u0430",
                                       "_",
                                       "{\"k\":",
                                       "\x01"};
  std::string text;
  for (std::uint32_t i = rng.below(30); i > 0; --i) text += rng.pick(kParts);
  return text;
}

TEST(Tokens, HoldTheirPropertiesOnRandomTexts) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    Rng rng(seed);
    const std::string text = random_text(rng);
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Tokens tokens = split(text);
    std::string joined;
    std::int64_t count = 0;
    for (const std::string& token : tokens) {
      ASSERT_FALSE(token.empty());
      ASSERT_NE(static_cast<unsigned char>(token[0]) & 0xC0, 0x80) << "begins inside a character";
      joined += token;
      ++count;
      // Cut at any border, the prefix has exactly the tokens so far and the rest the others.
      ASSERT_EQ(split(joined), Tokens(tokens.begin(), tokens.begin() + count));
      ASSERT_EQ(first_tokens(text, count), joined);
      ASSERT_EQ(count_tokens(joined) + count_tokens(std::string_view(text).substr(joined.size())),
                static_cast<std::int64_t>(tokens.size()));
    }
    EXPECT_EQ(joined, text);
    EXPECT_EQ(count_tokens(text), count);
    EXPECT_EQ(first_tokens(text, count + 1), text);
  }
}

TEST(Tokens, SurviveBytesThatAreNoText) {
  for (int lead = 0x80; lead < 0x100; ++lead) {
    const std::string text = {'a', static_cast<char>(lead), static_cast<char>(0x80), 'b', static_cast<char>(lead)};
    EXPECT_EQ(first_tokens(text, 100), text);
  }
  EXPECT_EQ(first_tokens("abc", 0), "");
  EXPECT_EQ(first_tokens("abc", -1), "");
}

TEST(CharClass, CutsBetweenCharactersOnly) {
  EXPECT_EQ(cut_to_bytes("a\u00e9b", 2), "a");
  EXPECT_EQ(cut_to_bytes("a\u00e9b", 3), "a\u00e9");
  EXPECT_EQ(first_chars("\u4f60\u597d!", 2), "\u4f60\u597d");
  EXPECT_EQ(count_chars("\u4f60\u597d!"), 3U);
}

}  // namespace
}  // namespace mimus::server
