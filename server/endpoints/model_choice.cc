#include "server/endpoints/model_choice.h"

#include "server/dialect/rule_texts.h"
#include "server/endpoints/chat_checks.h"
#include "server/endpoints/chat_request.h"
#include "server/endpoints/endpoint.h"
#include "server/endpoints/json_body.h"

namespace mimus::server {
namespace {

Result<ModelChoice, Refusal> check(std::string_view name, Json body, const Dialect& dialect, const Endpoint& endpoint) {
  const Model* model = dialect.find_model(name);
  if (model == nullptr) {
    if (!dialect.accepts_unknown_models) return Refusal{"model_not_found", {{"model", echo(name)}}};
    return ModelChoice{nullptr, std::string(name), std::string(name)};
  }
  if (!model->serves_operation(endpoint.operation)) {
    return Refusal{"model_not_for_endpoint", {{"model", echo(name)}, {"endpoint", endpoint.operation}}};
  }
  if (auto refusal = check_model_takes(body, *model)) return std::move(*refusal);
  return ModelChoice{model, std::string(name), model->snapshot};
}

}  // namespace

Result<ModelChoice, Refusal> choose_model(Json body, const Dialect& dialect, const Endpoint& endpoint) {
  const std::string_view name = bare_model_name(body.find("model").string_or(""));
  if (!name.empty()) return check(name, body, dialect, endpoint);
  Result<ModelChoice, Refusal> choice = Refusal{"missing_model", {{"param", "model"}}};
  for (const std::string& candidate : endpoint.default_models) {
    auto checked = check(candidate, body, dialect, endpoint);
    if (checked) return checked;
    // What the first one refuses is what the caller hears, if no other takes it.
    if (candidate == endpoint.default_models.front()) choice = std::move(checked);
  }
  return choice;
}

Result<ModelRequest, Refusal> read_model_request(const Exchange& exchange) {
  auto document = read_json_request(exchange);
  if (!document) return document.error();
  auto choice = choose_model((*document)->root(), exchange.dialect, exchange.endpoint);
  if (!choice) return choice.error();
  return ModelRequest{std::move(*document), std::move(*choice)};
}

}  // namespace mimus::server
