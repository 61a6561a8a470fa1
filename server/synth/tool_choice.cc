#include <algorithm>

#include "server/synth/tool_calls.h"

namespace mimus::server {
namespace {

constexpr std::size_t kMostCalls = 4;
constexpr int kNameHit = 4;  // words of a description count one each
constexpr std::size_t kUserWords = 64;
constexpr std::size_t kShortestWord = 3;

bool tells(std::string_view word) {
  return word.size() >= kShortestWord && !is_everyday_word(word);
}

// The same but for an ending: "city" and "city's", "alarm" and "alarms".
bool is_form_of(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  return same_word(a, b.substr(0, a.size())) && (a.size() == b.size() || (a.size() >= 4 && b.size() - a.size() <= 2));
}

std::vector<std::string_view> telling_words(std::string_view text) {
  std::vector<std::string_view> words;
  while (words.size() < kUserWords && !text.empty()) {
    const std::string_view word = take_word(text);
    if (tells(word)) words.push_back(word);
  }
  return words;
}

int hits(std::string_view text, const std::vector<std::string_view>& user_words) {
  int count = 0;
  while (!text.empty()) {
    const std::string_view word = take_word(text);
    if (!tells(word)) continue;
    count += std::any_of(user_words.begin(), user_words.end(), [&](auto w) { return is_form_of(w, word); }) ? 1 : 0;
  }
  return count;
}

// take_word splits get_weather at the underscore; this splits getWeather at its capital.
int name_hits(std::string_view name, const std::vector<std::string_view>& user_words) {
  int count = 0;
  while (!name.empty()) {
    const auto capital = std::find_if(name.begin() + 1, name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    const auto size = static_cast<std::size_t>(capital - name.begin());
    count += hits(name.substr(0, size), user_words);
    name.remove_prefix(size);
  }
  return count;
}

std::vector<const ToolSpec*> offered(const Call& call) {
  std::vector<const ToolSpec*> tools;
  const auto& allowed = call.tool_choice.allowed;
  for (const ToolSpec& tool : call.tools) {
    if (allowed.empty() || std::find(allowed.begin(), allowed.end(), tool.name) != allowed.end())
      tools.push_back(&tool);
  }
  return tools;
}

std::vector<const ToolSpec*> best_of(const Call& call, const Standing& standing) {
  const std::vector<const ToolSpec*> tools = offered(call);
  if (tools.size() <= 1) return tools;
  const std::vector<std::string_view> user_words = telling_words(standing.user_text);
  const ToolSpec* best = tools.front();
  int best_score = 0;
  std::vector<const ToolSpec*> mentioned;
  for (const ToolSpec* tool : tools) {
    const int named = name_hits(tool->name, user_words);
    const int score = named * kNameHit + hits(tool->description, user_words);
    if (named > 0 && mentioned.size() < kMostCalls) mentioned.push_back(tool);
    if (score > best_score) {
      best_score = score;
      best = tool;
    }
  }
  if (call.parallel_tool_calls && !call.legacy_functions && mentioned.size() > 1) return mentioned;
  return {best};
}

}  // namespace

std::vector<const ToolSpec*> choose_tools(const Call& call, const Standing& standing) {
  switch (call.tool_choice.mode) {
    case ToolChoice::Mode::None:
      return {};
    case ToolChoice::Mode::Auto:
      return standing.user_spoke_last ? best_of(call, standing) : std::vector<const ToolSpec*>{};
    case ToolChoice::Mode::Required:
      return best_of(call, standing);
    case ToolChoice::Mode::Named:
      for (const ToolSpec& tool : call.tools) {
        if (tool.name == call.tool_choice.name) return {&tool};
      }
      return {};
  }
  return {};
}

FinishReason finish_of_tools(const Call& call) {
  if (call.tool_choice.mode == ToolChoice::Mode::Named) return FinishReason::Stop;
  return call.legacy_functions ? FinishReason::FunctionCall : FinishReason::ToolCalls;
}

}  // namespace mimus::server
