#include "server/endpoints/completion_request.h"

#include "server/dialect/rule_texts.h"
#include "server/endpoints/chat_call.h"
#include "server/endpoints/chat_checks.h"
#include "server/endpoints/json_body.h"
#include "server/endpoints/model_choice.h"
#include "server/tokens.h"

namespace mimus::server {
namespace {

constexpr std::int64_t kUsualTokens = 16;
constexpr std::string_view kNoPrompt = "<|endoftext|>";

CompletionPrompt prompt_of(Json json) {
  if (json.is_string()) return {std::string(json.as_string()), count_tokens(json.as_string())};
  CompletionPrompt prompt;
  for (const Json token : json.elements()) {
    prompt.text += (prompt.text.empty() ? "token " : " ") + std::to_string(token.int_or(0));
  }
  prompt.tokens = static_cast<std::int64_t>(json.size());
  return prompt;
}

// A string, or tokens as an array of integers, are one prompt; an array of either is many.
std::vector<CompletionPrompt> prompts_of(Json json) {
  if (!json.has_value()) return {{std::string(kNoPrompt), 1}};
  if (json.is_string() || json.at(0).is_integer()) return {prompt_of(json)};
  std::vector<CompletionPrompt> prompts;
  for (const Json each : json.elements()) prompts.push_back(prompt_of(each));
  return prompts;
}

std::optional<Refusal> check_counts(Json body, const CompletionRequest& request, const Model* model) {
  const auto choices = static_cast<std::int64_t>(request.prompts.size()) * request.call.n;
  if (choices > kMostCompletions) {
    return Refusal{"array_above_max_length",
                   {{"param", "prompt"},
                    {"limit", std::to_string(kMostCompletions / request.call.n)},
                    {"found", std::to_string(request.prompts.size())}}};
  }
  const std::int64_t best_of = body.find("best_of").int_or(request.call.n);
  if (best_of < request.call.n) {
    return Refusal{
        "integer_below_min_value",
        {{"param", "best_of"}, {"limit", std::to_string(request.call.n)}, {"found", std::to_string(best_of)}}};
  }
  if (model == nullptr || !model->context_tokens) return std::nullopt;
  for (const CompletionPrompt& prompt : request.prompts) {
    const std::int64_t wanted = prompt.tokens + request.call.max_tokens.value_or(0);
    if (wanted <= *model->context_tokens) continue;
    return Refusal{"context_length_exceeded_prompt",
                   {{"limit", std::to_string(*model->context_tokens)}, {"found", std::to_string(wanted)}}};
  }
  return std::nullopt;
}

}  // namespace

Result<CompletionRequest, Refusal> read_completion_request(std::string_view bytes, const Dialect& dialect,
                                                           const Endpoint& endpoint) {
  auto document = read_json_body(bytes, endpoint);
  if (!document) return document.error();
  const Json body = (*document)->root();
  const auto choice = choose_model(body, dialect, endpoint);
  if (!choice) return choice.error();
  const bool streams = body.find("stream").bool_or(false);
  if (!streams && body.find("stream_options").has_value()) {
    return Refusal{"only_allowed_when_enabled", {{"param", "stream_options"}, {"other", "stream"}}};
  }
  CompletionRequest request;
  request.call = read_chat_call(*document);
  request.call.operation = endpoint.operation;
  request.call.model = choice->name;
  request.call.snapshot = choice->snapshot;
  request.call.max_tokens = body.find("max_tokens").int_or(kUsualTokens);
  const Json logprobs = body.find("logprobs");  // a number here, not a switch
  request.call.logprobs = logprobs.is_integer();
  request.call.top_logprobs = static_cast<int>(logprobs.int_or(0));
  request.echo = body.find("echo").bool_or(false);
  request.prompts = prompts_of(body.find("prompt"));
  if (auto refusal = check_counts(body, request, choice->model)) return std::move(*refusal);
  return request;
}

}  // namespace mimus::server
