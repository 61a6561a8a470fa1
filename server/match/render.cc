#include "server/match/render.h"

#include <algorithm>

namespace mimus::server {
namespace {

Choice render_choice(const ScriptedChoice& scripted, const TemplateContext& context) {
  Choice choice;
  choice.text = scripted.text.render(context);
  if (scripted.refusal) choice.refusal = scripted.refusal->render(context);
  choice.reasoning = scripted.reasoning.render(context);
  for (const ScriptedToolCall& call : scripted.tool_calls) {
    choice.tool_calls.push_back({call.id, call.name, call.arguments.render(context), call.is_custom});
  }
  choice.finish = scripted.finish.value_or(choice.tool_calls.empty() ? FinishReason::Stop : FinishReason::ToolCalls);
  choice.logprobs = scripted.logprobs;
  return choice;
}

}  // namespace

std::vector<Choice> render_choices(const ScriptedChoices& scripted, int n, const TemplateContext& context) {
  std::vector<Choice> choices;
  for (const ScriptedChoice& choice : scripted.choices) choices.push_back(render_choice(choice, context));
  if (choices.size() == 1) choices.resize(static_cast<std::size_t>(std::max(n, 1)), Choice(choices.front()));
  return choices;
}

Usage overlay(const ScriptedUsage& scripted, Usage counted) {
  counted.prompt_tokens = scripted.prompt_tokens.value_or(counted.prompt_tokens);
  counted.completion_tokens = scripted.completion_tokens.value_or(counted.completion_tokens);
  counted.cached_tokens = scripted.cached_tokens.value_or(counted.cached_tokens);
  counted.reasoning_tokens = scripted.reasoning_tokens.value_or(counted.reasoning_tokens);
  return counted;
}

ApiError render_error(const ScriptedError& scripted, const ApiError& row, const TemplateContext& context) {
  ApiError error = scripted.situation.empty() ? ApiError{} : row;
  error.status = scripted.status.value_or(error.status);
  if (scripted.message) error.message = scripted.message->render(context);
  error.type = scripted.type.value_or(error.type);
  if (scripted.param) error.param = scripted.param;
  if (scripted.code) error.code = scripted.code;
  return error;
}

std::vector<Header> render_headers(const ScriptedReply& reply, const TemplateContext& context) {
  std::vector<Header> headers;
  for (const auto& [name, value] : reply.headers) {
    std::string text = value.render(context);
    std::erase_if(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
    headers.push_back({name, std::move(text)});
  }
  return headers;
}

}  // namespace mimus::server
