#include "server/endpoints/response_request.h"

#include <algorithm>

#include "server/dialect/rule_texts.h"
#include "server/endpoints/chat_checks.h"
#include "server/endpoints/chat_request.h"
#include "server/endpoints/input_items.h"
#include "server/endpoints/json_body.h"
#include "server/endpoints/response_call.h"
#include "server/endpoints/response_checks.h"

namespace mimus::server {
namespace {

constexpr std::string_view kServes = "responses";  // as models name this endpoint and the one that counts its tokens

bool is_id_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

Refusal refuse_id(std::string_view situation, std::string_view id) {
  return {std::string(situation), {{"id", echo(id)}}};
}

// A conversation is named by its id, or by an object that has it.
std::string conversation_of(Json body) {
  const Json choice = body.find("conversation");
  return std::string((choice.is_object() ? choice.find("id") : choice).string_or(""));
}

Result<std::vector<SharedItem>, Refusal> history_of_previous(std::string_view id, const ResponseState& state) {
  constexpr std::string_view kParam = "previous_response_id";
  if (!std::all_of(id.begin(), id.end(), is_id_letter)) {
    return Refusal{"id_characters", {{"param", std::string(kParam)}, {"value", echo(id)}}};
  }
  if (!id.starts_with("resp")) {
    return Refusal{"id_prefix", {{"param", std::string(kParam)}, {"value", echo(id)}, {"prefix", "resp"}}};
  }
  const auto previous = state.responses.find(id);
  if (!previous) return refuse_id("previous_response_not_found", id);
  std::vector<SharedItem> history = previous->input;
  history.insert(history.end(), previous->output.begin(), previous->output.end());
  return history;
}

// What was said before this request.
Result<std::vector<SharedItem>, Refusal> read_history(Json body, const ResponseState& state) {
  const Json previous = body.find("previous_response_id");
  const std::string conversation = conversation_of(body);
  if (previous.has_value() && !conversation.empty()) {
    return Refusal{"mutually_exclusive_parameters", {{"names", "'pre..._id' or 'conversation'"}}};
  }
  std::vector<SharedItem> history;
  if (!conversation.empty()) {
    const auto found = state.conversations.find(conversation);
    if (!found) return refuse_id("conversation_not_found", conversation);
    history = found->items;
  }
  const Json prompt = body.find("prompt");  // mimus keeps none
  if (prompt.has_value()) return refuse_id("prompt_not_found", prompt.find("id").string_or(""));
  if (previous.is_string()) return history_of_previous(previous.as_string(), state);
  return history;
}

Result<const Model*, Refusal> find_response_model(std::string_view name, const Dialect& dialect) {
  const Model* model = dialect.find_model(name);
  if (model == nullptr && !dialect.accepts_unknown_models) {
    return Refusal{"requested_model_not_found", {{"model", echo(name)}}};
  }
  if (model != nullptr && !model->serves_operation(kServes)) {
    return Refusal{"requested_model_not_found", {{"model", echo(name)}}};
  }
  return model;
}

// Instructions hold for this request alone, in front of everything.
std::vector<Message> messages_of(const ResponseRequest& request, std::string_view instructions) {
  std::vector<Message> messages;
  messages.reserve(1 + request.history.size() + request.input.size());
  if (!instructions.empty()) messages.emplace_back().text = instructions;
  if (!instructions.empty()) messages.back().role = Role::System;
  for (const auto* items : {&request.history, &request.input}) {
    for (const SharedItem& item : *items) {
      if (item->message) messages.push_back(*item->message);
    }
  }
  return messages;
}

std::optional<Refusal> check_body(Json body, const Model* model) {
  const Json input = body.find("input");
  const bool is_empty = input.is_array() ? input.size() == 0 : input.string_or("").empty();
  const bool continues = body.find("previous_response_id").has_value() || body.find("conversation").has_value();
  if (is_empty && !continues) return Refusal{"input_missing", {}};
  if (model != nullptr) {
    if (auto refusal = check_response_model(body, *model)) return refusal;
  }
  return check_response_members(body);
}

std::vector<SharedItem> joined(std::vector<SharedItem> items, const std::vector<SharedItem>& more) {
  items.insert(items.end(), more.begin(), more.end());
  return items;
}

}  // namespace

Result<ResponseRequest, Refusal> read_response_request(std::string_view body, const Dialect& dialect,
                                                       const Endpoint& endpoint, const ResponseState& state,
                                                       const std::function<Ids(Json body)>& make_ids) {
  auto document = read_json_body(body, endpoint);
  if (!document) return document.error();
  const Json json = (*document)->root();
  if (auto refusal = check_input_items(json.find("input"), "input")) return std::move(*refusal);
  const std::string_view name = bare_model_name(json.find("model").string_or(""));
  const auto model = find_response_model(name, dialect);
  if (!model) return model.error();
  auto history = read_history(json, state);
  if (!history) return history.error();
  if (auto refusal = check_body(json, *model)) return std::move(*refusal);

  ResponseRequest request;
  request.history = std::move(*history);
  request.conversation = conversation_of(json);
  request.is_stored = json.find("store").bool_or(true);
  request.is_background = json.find("background").bool_or(false);
  const bool shows_ids = request.is_stored || !request.conversation.empty();
  auto input = read_input_items(json.find("input"), shows_ids ? make_ids(json) : Ids(0), state.items);
  if (!input) return input.error();
  request.input = std::move(*input);
  if (auto refusal = check_tool_loop(joined(request.history, request.input))) return std::move(*refusal);

  request.call = read_response_call(*document);
  request.call.operation = endpoint.operation;
  request.call.model = name;
  request.call.snapshot = *model != nullptr ? (*model)->snapshot : request.call.model;
  request.call.messages = messages_of(request, json.find("instructions").string_or(""));
  return request;
}

}  // namespace mimus::server
