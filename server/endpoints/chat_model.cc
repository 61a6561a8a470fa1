// What the model refuses, though the API knows it.
#include <algorithm>

#include "server/dialect/rule_texts.h"
#include "server/endpoints/chat_checks.h"

namespace mimus::server {
namespace {

// A value in these messages: strings in single quotes, all else as JSON.
std::string quoted(Json value) {
  return value.is_string() ? "'" + echo(value.as_string()) + "'" : echo(value);
}

std::string quoted_json_text(const std::string& text) {
  return text.starts_with('"') ? text.substr(1, text.size() - 2) : text;
}

bool is_accepted(const ParameterRefusal& rule, Json value) {
  return std::any_of(rule.accepted.begin(), rule.accepted.end(), [&](const std::string& text) {
    const auto accepted = parse_json(text);
    return accepted && equal(accepted->root(), value);
  });
}

Refusal refuse(const ParameterRefusal& rule, Json value) {
  Refusal refusal = refusal_at("unsupported_parameter", rule.parameter);
  if (!rule.instead.empty()) {
    refusal.situation = "unsupported_parameter_use";
    refusal.args.emplace_back("instead", rule.instead);
    return refusal;
  }
  if (rule.accepted.empty()) return refusal;
  refusal.args.emplace_back("value", quoted(value));
  if (rule.accepted.size() == 1 && !rule.accepted[0].starts_with('"')) {
    refusal.situation = "unsupported_value_default";
    refusal.args.emplace_back("default", rule.accepted[0]);
    return refusal;
  }
  refusal.situation = "unsupported_value_list";
  std::vector<std::string> names;
  for (const std::string& text : rule.accepted) names.push_back(quoted_json_text(text));
  refusal.args.emplace_back("allowed", quoted_list(names, "and"));
  return refusal;
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::optional<Refusal> check_conversation(Json messages, const Model& model) {
  if (model.refuses_roles.empty() && model.refuses_parts.empty()) return std::nullopt;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const Json message = messages.at(i);
    const std::string_view role = message.find("role").string_or("");
    if (contains(model.refuses_roles, role)) {
      Refusal refusal = refusal_at("unsupported_value", "messages[" + std::to_string(i) + "].role");
      refusal.args.emplace_back("value", quoted(message.find("role")));
      return refusal;
    }
    const Json content = message.find("content");
    for (std::size_t k = 0; content.is_array() && k < content.size(); ++k) {
      const Json type = content.at(k).find("type");
      if (!contains(model.refuses_parts, type.string_or(""))) continue;
      Refusal refusal = refusal_at("content_part_unsupported",
                                   dotted_message_path(i, "content") + ".[" + std::to_string(k) + "].type");
      refusal.args.emplace_back("value", type.as_string());
      return refusal;
    }
  }
  return std::nullopt;
}

std::optional<Refusal> check_output_limit(Json body, const Model& model) {
  if (!model.max_output_tokens) return std::nullopt;
  for (const std::string_view name : {"max_tokens", "max_completion_tokens"}) {
    const std::int64_t asked = body.find(name).int_or(0);
    if (asked <= *model.max_output_tokens) continue;
    Refusal refusal = refusal_at("max_tokens_too_large", std::string(name));
    refusal.args.emplace_back("limit", std::to_string(*model.max_output_tokens));
    refusal.args.emplace_back("found", std::to_string(asked));
    return refusal;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> check_model_takes(Json body, const Model& model) {
  const std::string_view effort = body.find("reasoning_effort").string_or(model.reasoning_effort);
  const bool reasons = !model.reasoning_effort.empty() && effort != "none";
  for (const ParameterRefusal& rule : model.refuses) {
    if (rule.only_while_reasoning && !reasons) continue;
    const Json value = body.find(rule.parameter);
    if (value.has_value() && !is_accepted(rule, value)) return refuse(rule, value);
  }
  if (auto refusal = check_conversation(body.find("messages"), model)) return refusal;
  return check_output_limit(body, model);
}

}  // namespace mimus::server
