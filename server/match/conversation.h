// Fills the conversational part of a Question, message by message, whatever protocol they come from.
#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "server/match/question.h"

namespace mimus::server {

class Conversation {
 public:
  explicit Conversation(Question& question) : question_(question) {}

  // The next message. `call_id` and `tool` belong to tool results; either may be empty.
  void say(Role role, std::string_view text, std::string_view call_id = {}, std::string_view tool = {});
  // A tool call by the message said last (or by itself, where calls stand alone).
  void call(std::string_view id, std::string_view tool);

  // To be called once, behind the last message.
  void finish();

 private:
  Question& question_;
  std::vector<std::string_view> system_;
  std::map<std::string_view, std::string_view> tools_by_call_;
  int turns_ = 0;
  bool in_user_turn_ = false;  // the message before was the user's
};

// The texts joined with newlines; one alone is not copied.
std::string_view joined(const std::vector<std::string_view>& texts, Question& question);

}  // namespace mimus::server
