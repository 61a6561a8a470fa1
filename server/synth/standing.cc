#include "server/synth/standing.h"

#include <algorithm>

#include "server/char_class.h"

namespace mimus::server {
namespace {

constexpr std::size_t kShownBytes = 240;  // of one tool result
constexpr std::size_t kShownResults = 4;

bool is_instruction(Role role) {
  return role == Role::System || role == Role::Developer;
}
bool is_result(Role role) {
  return role == Role::Tool || role == Role::Function;
}

void append_one_line(std::string_view text, std::string& out) {
  const std::string_view shown = cut_to_bytes(text, kShownBytes);
  for (const char c : shown) out.push_back(static_cast<unsigned char>(c) < 0x20 ? ' ' : c);
  if (shown.size() < text.size()) out.append(" ...");
}

}  // namespace

Standing standing_of(const Call& call) {
  Standing standing;
  const auto& messages = call.messages;
  auto last = messages.rbegin();
  while (last != messages.rend() && is_instruction(last->role)) ++last;
  standing.user_spoke_last = last != messages.rend() && last->role == Role::User;

  const auto end = last;
  while (last != messages.rend() && is_result(last->role)) ++last;
  const auto count = static_cast<std::size_t>(last - end);
  standing.tool_results = std::span(messages).subspan(static_cast<std::size_t>(messages.rend() - last), count);

  const auto user =
      std::find_if(messages.rbegin(), messages.rend(), [](const Message& m) { return m.role == Role::User; });
  if (user != messages.rend()) {
    standing.user_text = user->text;
  } else if (!messages.empty()) {
    standing.user_text = messages.back().text;
  }
  standing.topics = Topics(standing.user_text);
  return standing;
}

std::string_view tool_name_of(const Call& call, const Message& result) {
  if (!result.name.empty()) return result.name;
  for (const Message& message : call.messages) {
    for (const ToolCall& made : message.tool_calls) {
      if (!made.id.empty() && made.id == result.tool_call_id) return made.name;
    }
  }
  return "tool";
}

std::string recount_results(const Call& call, const Standing& standing) {
  std::string text;
  for (const Message& result : standing.tool_results.first(std::min(standing.tool_results.size(), kShownResults))) {
    text.append(text.empty() ? "According to " : " According to ").append(tool_name_of(call, result)).append(": ");
    append_one_line(result.text.empty() ? "nothing" : std::string_view(result.text), text);
    if (text.back() != '.') text.push_back('.');
  }
  return text;
}

}  // namespace mimus::server
