#include "server/endpoints/chat_request.h"

#include "server/dialect/rule_texts.h"
#include "server/endpoints/chat_call.h"
#include "server/endpoints/chat_checks.h"
#include "server/endpoints/json_body.h"

namespace mimus::server {
namespace {

// Null for a model that the dialect accepts without knowing it.
Result<const Model*, Refusal> find_chat_model(std::string_view name, const Dialect& dialect, const Endpoint& endpoint) {
  const Model* model = dialect.find_model(name);
  if (model == nullptr && !dialect.accepts_unknown_models) {
    return Refusal{"model_not_found", {{"model", echo(name)}}};
  }
  if (model != nullptr && !model->serves_operation(endpoint.operation)) {
    return Refusal{"model_not_for_endpoint", {{"model", echo(name)}, {"endpoint", endpoint.operation}}};
  }
  return model;
}

}  // namespace

std::string_view bare_model_name(std::string_view name) {
  return name.substr(0, name.find(';'));
}

Result<Call, Refusal> read_chat_request(std::string_view body, const Dialect& dialect, const Endpoint& endpoint) {
  auto document = read_json_body(body, endpoint);
  if (!document) return document.error();
  const Json json = (*document)->root();
  const std::string_view name = bare_model_name(json.find("model").string_or(""));
  const auto model = find_chat_model(name, dialect, endpoint);
  if (!model) return model.error();
  if (*model != nullptr) {
    if (auto refusal = check_model_takes(json, **model)) return std::move(*refusal);
  }
  if (auto refusal = check_combinations(json)) return std::move(*refusal);
  if (auto refusal = check_messages(json.find("messages"))) return std::move(*refusal);

  Call call = read_chat_call(std::move(*document));
  call.operation = endpoint.operation;
  call.model = name;
  call.snapshot = *model != nullptr ? (*model)->snapshot : call.model;
  return call;
}

std::optional<Refusal> check_context(const Call& call, const Model* model, std::int64_t prompt_tokens) {
  if (model == nullptr || !model->context_tokens) return std::nullopt;
  const std::int64_t limit = *model->context_tokens;
  const std::int64_t completion = call.max_tokens.value_or(0);
  if (prompt_tokens + completion <= limit) return std::nullopt;
  Refusal refusal{"context_length_exceeded", {{"limit", std::to_string(limit)}}};
  if (completion == 0) {
    refusal.args.emplace_back("found", std::to_string(prompt_tokens));
    return refusal;
  }
  refusal.situation = "context_length_exceeded_with_completion";
  refusal.args.emplace_back("found", std::to_string(prompt_tokens + completion));
  refusal.args.emplace_back("messages", std::to_string(prompt_tokens));
  refusal.args.emplace_back("completion", std::to_string(completion));
  return refusal;
}

}  // namespace mimus::server
