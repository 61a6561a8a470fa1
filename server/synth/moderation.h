// Moderation without judgement: scores are a function of the text, and nothing is flagged but by the rules below, so
// that a test decides what it gets. Pure and thread-safe.
//   A marker "[flag:CATEGORY]", such as "[flag:sexual/minors]", flags exactly this category.
//   A word of a short list (see moderation.cc: "kill", "bomb", "hate" ...), in any case, flags its category.
// Source of the categories: OpenAI API reference, moderations.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace mimus::server {

inline constexpr std::array<std::string_view, 13> kModerationCategories = {"harassment",
                                                                           "harassment/threatening",
                                                                           "hate",
                                                                           "hate/threatening",
                                                                           "illicit",
                                                                           "illicit/violent",
                                                                           "self-harm",
                                                                           "self-harm/intent",
                                                                           "self-harm/instructions",
                                                                           "sexual",
                                                                           "sexual/minors",
                                                                           "violence",
                                                                           "violence/graphic"};

struct ModerationWord {
  std::string_view word;
  std::string_view category;
};
std::span<const ModerationWord> moderation_words();

struct ModerationResult {
  bool is_flagged = false;  // any of the categories
  std::array<bool, kModerationCategories.size()> categories{};
  std::array<double, kModerationCategories.size()> scores{};  // in 0..1: above 0.9 where flagged, else below 0.01
};

ModerationResult moderate(std::string_view text, std::uint64_t seed);

}  // namespace mimus::server
