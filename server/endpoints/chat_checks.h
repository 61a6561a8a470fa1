// What a chat request must fulfil beyond the rules of its members. Each check gives the first refusal, or nothing.
// The body has passed the dialect's rules: members have the types these allow. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/json.h"
#include "server/dialect/dialect.h"

namespace mimus::server {

// Parameters, values, roles and content parts that this model does not take.
std::optional<Refusal> check_model_takes(Json body, const Model& model);

// Order and content of the conversation: tool calls and their answers, parts that a role may hold, absent content.
std::optional<Refusal> check_messages(Json messages);

// Parameters that need, or exclude, each other; JSON mode's word; tools by name; schemas.
std::optional<Refusal> check_combinations(Json body);

// The vendor's older spelling of a path into the messages: "messages.[57].role".
std::string dotted_message_path(std::size_t index, std::string_view member);

inline Refusal refusal_at(std::string_view situation, std::string param) {
  return Refusal{std::string(situation), {{"param", std::move(param)}}};
}

}  // namespace mimus::server
