#include "server/synth/moderation.h"

#include <algorithm>
#include <string>

#include "server/synth/digest.h"
#include "server/synth/topics.h"

namespace mimus::server {
namespace {

// Few and plain, one for each way in which a test usually wants to be flagged; markers reach every category.
constexpr ModerationWord kWords[] = {
    {"kill", "violence"},       {"murder", "violence"},  {"attack", "violence"},   {"gore", "violence/graphic"},
    {"hate", "hate"},           {"idiot", "harassment"}, {"stupid", "harassment"}, {"bomb", "illicit/violent"},
    {"counterfeit", "illicit"}, {"steal", "illicit"},    {"suicide", "self-harm"}, {"porn", "sexual"},
};

constexpr std::string_view kMarker = "[flag:";

bool has_marker(std::string_view text, std::string_view category) {
  for (std::size_t at = 0; (at = text.find(kMarker, at)) != std::string_view::npos;) {
    at += kMarker.size();
    const std::string_view rest = text.substr(at);
    if (rest.starts_with(category) && rest.substr(category.size()).starts_with(']')) return true;
  }
  return false;
}

// The text outside of the markers, whose names hold words of the list.
std::string without_markers(std::string_view text) {
  std::string rest;
  while (!text.empty()) {
    const std::size_t begin = std::min(text.find(kMarker), text.size());
    rest.append(text.substr(0, begin));
    text.remove_prefix(begin);
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return rest.append(text);
    text.remove_prefix(end + 1);
  }
  return rest;
}

std::size_t index_of(std::string_view category) {
  const auto* found = std::find(kModerationCategories.begin(), kModerationCategories.end(), category);
  return static_cast<std::size_t>(found - kModerationCategories.begin());
}

}  // namespace

std::span<const ModerationWord> moderation_words() {
  return kWords;
}

ModerationResult moderate(std::string_view text, std::uint64_t seed) {
  ModerationResult result;
  for (std::size_t i = 0; i < kModerationCategories.size(); ++i) {
    result.categories[i] = has_marker(text, kModerationCategories[i]);
  }
  const std::string words = without_markers(text);
  std::string_view rest = words;
  for (std::string_view word = take_word(rest); !word.empty(); word = take_word(rest)) {
    if (std::size_t{4} > word.size() || word.size() > 11) continue;
    for (const ModerationWord& row : kWords) {
      if (same_word(word, row.word)) result.categories[index_of(row.category)] = true;
    }
  }
  for (std::size_t i = 0; i < kModerationCategories.size(); ++i) {
    const std::uint64_t digest = Digest(seed).add(kModerationCategories[i]).add(text).value();
    // Whole millionths, so that no compiler can round them another way.
    const auto millionths = static_cast<std::int64_t>(digest % 10'000);
    result.scores[i] = static_cast<double>(result.categories[i] ? 900'000 + 9 * millionths : millionths) / 1'000'000;
    result.is_flagged = result.is_flagged || result.categories[i];
  }
  return result;
}

}  // namespace mimus::server
