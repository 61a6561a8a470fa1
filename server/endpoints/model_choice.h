// Which model a JSON body asks for, and whether that model takes what is asked. Pure and thread-safe.
#pragma once

#include <memory>
#include <string>

#include "api/json.h"
#include "api/result.h"
#include "server/dialect/dialect.h"

namespace mimus::server {

struct Exchange;  // server/endpoints/endpoint.h

struct ModelChoice {
  const Model* model = nullptr;  // null for one that the dialect accepts without knowing it
  std::string name;              // as asked, without directives
  std::string snapshot;          // as replies show it
};

// The model of `body`, or, where it names none, the first of the endpoint's default models that takes its parameters.
// Refusals: missing_model, model_not_found, model_not_for_endpoint, and what the model does not take.
Result<ModelChoice, Refusal> choose_model(Json body, const Dialect& dialect, const Endpoint& endpoint);

struct ModelRequest {
  std::shared_ptr<const JsonDocument> document;
  ModelChoice choice;
};

// The first steps of an endpoint whose JSON body names a model: read_json_request(), then choose_model().
Result<ModelRequest, Refusal> read_model_request(const Exchange& exchange);

}  // namespace mimus::server
