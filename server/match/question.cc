#include "server/match/question.h"

#include "server/match/conversation.h"

namespace mimus::server {

std::optional<std::string_view> Question::header(std::string_view name) const {
  for (const HeaderView& header : headers) {
    if (equal_ignoring_case(header.name, name)) return header.value;
  }
  return std::nullopt;
}

Question question_of(const Call& call, std::span<const HeaderView> headers) {
  Question question;
  question.operation = call.operation;
  question.model = call.model;
  question.stream = call.stream;
  question.headers = headers;
  if (call.body) question.body = call.body->root();
  for (const ToolSpec& tool : call.tools) question.offered_tools.push_back(tool.name);
  Conversation conversation(question);
  for (const Message& message : call.messages) {
    conversation.say(message.role, message.text, message.tool_call_id, message.name);
    for (const ToolCall& tool : message.tool_calls) conversation.call(tool.id, tool.name);
  }
  conversation.finish();
  return question;
}

}  // namespace mimus::server
