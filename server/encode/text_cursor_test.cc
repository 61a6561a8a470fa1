#include "server/encode/text_cursor.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mimus::server {
namespace {

std::vector<std::string> pieces(std::string_view text, int tokens, std::vector<std::string> listed) {
  std::vector<TokenLogprob> logprobs;
  for (std::string& token : listed) logprobs.push_back({std::move(token), -1.0, {}});
  std::vector<std::string> result;
  TextCursor cursor;
  while (!cursor.is_at_end(text)) result.emplace_back(cursor.next(text, tokens, logprobs));
  EXPECT_TRUE(cursor.next(text, tokens, logprobs).empty());
  return result;
}

TEST(TextCursor, KeepsToTheBordersThatLogprobsList) {
  const struct {
    int tokens;
    std::vector<std::string> listed;
    std::vector<std::string> expected;
  } rows[] = {
      {1, {}, {"One", " two", " six"}},
      {2, {}, {"One two", " six"}},
      {0, {}, {"One", " two", " six"}},
      {1, {"One two", " s", "ix"}, {"One two", " s", "ix"}},
      {2, {"One two", " s", "ix"}, {"One two s", "ix"}},
      {1, {"One two"}, {"One two", " six"}},
      {1, {"Two", " two", " sixty and more"}, {"One", " two", " six"}},
      {1, {"", "", ""}, {"One", " two", " six"}},
  };
  for (const auto& row : rows) EXPECT_EQ(pieces("One two six", row.tokens, row.listed), row.expected);
}

}  // namespace
}  // namespace mimus::server
