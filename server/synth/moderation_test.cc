#include "server/synth/moderation.h"

#include <string>

#include <gtest/gtest.h>

namespace mimus::server {
namespace {

std::string flagged(std::string_view text) {
  const ModerationResult result = moderate(text, 1);
  std::string names;
  for (std::size_t i = 0; i < kModerationCategories.size(); ++i) {
    if (result.categories[i]) names += std::string(kModerationCategories[i]) + " ";
  }
  EXPECT_EQ(result.is_flagged, !names.empty());
  return names;
}

TEST(Moderation, FlagsWhatItsRulesSayAndNothingElse) {
  const std::pair<const char*, const char*> rows[] = {
      {"", ""},
      {"A quiet walk along the river.", ""},
      {"I will kill the process", "violence "},
      {"KILL", "violence "},
      {"killing time with skills", ""},
      {"I hate you, idiot", "harassment hate "},
      {"[flag:sexual/minors]", "sexual/minors "},
      {"[flag:violence/graphic] [flag:self-harm/intent]", "self-harm/intent violence/graphic "},
      {"[flag:violence", ""},
      {"[flag:unknown]", ""},
      {"[flag:[flag:hate]", "hate "},
  };
  for (const auto& [text, names] : rows) EXPECT_EQ(flagged(text), names) << text;
}

TEST(Moderation, ReachesEveryCategoryByItsMarker) {
  for (const std::string_view category : kModerationCategories) {
    EXPECT_EQ(flagged("x [flag:" + std::string(category) + "] y"), std::string(category) + " ");
  }
}

TEST(Moderation, FlagsEachWordOfItsList) {
  for (const ModerationWord& row : moderation_words()) {
    EXPECT_EQ(flagged("the " + std::string(row.word) + "!"), std::string(row.category) + " ");
  }
}

TEST(Moderation, ScoresHighWhereFlaggedAndLowElsewhereAndAlwaysTheSame) {
  const ModerationResult result = moderate("a murder mystery", 1);
  for (std::size_t i = 0; i < kModerationCategories.size(); ++i) {
    EXPECT_GE(result.scores[i], result.categories[i] ? 0.9 : 0.0);
    EXPECT_LT(result.scores[i], result.categories[i] ? 1.0 : 0.01);
  }
  EXPECT_EQ(moderate("a murder mystery", 1).scores, result.scores);
  EXPECT_NE(moderate("a murder mystery", 2).scores, result.scores);
  EXPECT_NE(moderate("a murder mystery!", 1).scores, result.scores);
}

}  // namespace
}  // namespace mimus::server
