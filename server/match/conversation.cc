#include "server/match/conversation.h"

namespace mimus::server {

void Conversation::say(Role role, std::string_view text, std::string_view call_id, std::string_view tool) {
  question_.texts.push_back(text);
  const bool is_instruction = role == Role::System || role == Role::Developer;
  const bool is_result = role == Role::Tool || role == Role::Function;
  if (is_instruction) {
    system_.push_back(text);
  } else if (is_result) {
    question_.tool_results.push_back({call_id, tool, text});
  } else {
    question_.tool_results.clear();  // those of a round that was answered: stale
  }
  if (role == Role::User) {
    if (!in_user_turn_) ++turns_;
    // A message of pictures alone does not hide what was asked about them in the one before.
    if (!(in_user_turn_ && text.empty())) question_.last_user = text;
  }
  if (!is_instruction) in_user_turn_ = role == Role::User;
}

void Conversation::call(std::string_view id, std::string_view tool) {
  question_.tool_results.clear();
  in_user_turn_ = false;
  if (!id.empty()) tools_by_call_[id] = tool;
}

void Conversation::finish() {
  question_.turn = turns_;
  if (!system_.empty()) question_.system = joined(system_, question_);
  for (ToolResult& result : question_.tool_results) {
    const auto found = tools_by_call_.find(result.call_id);
    if (result.tool.empty() && found != tools_by_call_.end()) result.tool = found->second;
  }
}

std::string_view joined(const std::vector<std::string_view>& texts, Question& question) {
  if (texts.size() == 1) return texts.front();
  std::string& all = question.owned.emplace_back();
  for (const std::string_view text : texts) {
    if (!all.empty()) all += '\n';
    all += text;
  }
  return all;
}

}  // namespace mimus::server
