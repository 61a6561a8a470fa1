#include "server/match/condition.h"

#include <algorithm>
#include <array>

namespace mimus::server {
namespace {

constexpr std::array<std::string_view, 14> kNames = {
    "endpoint",     "model", "last_user",   "system", "any_text", "has_tool_result", "tool_result", "tool_result_of",
    "tool_call_id", "turn",  "offers_tool", "header", "json",     "stream"};

bool holds_number_or_flag(const Condition& condition, const Question& question) {
  if (const auto* number = std::get_if<std::int64_t>(&condition.expected)) return question.turn == *number;
  const bool expected = std::get<bool>(condition.expected);
  if (condition.field == Field::Stream) return question.stream == expected;
  return question.turn && question.tool_results.empty() != expected;  // only a conversation can lack tool results
}

bool holds_json(const Condition& condition, Json value) {
  if (const auto* equals = std::get_if<Equals>(&condition.expected)) return value && equal(value, equals->value);
  if (const auto* exists = std::get_if<Exists>(&condition.expected)) return static_cast<bool>(value) == exists->exists;
  const auto* test = std::get_if<TextPattern>(&condition.expected);
  return test != nullptr && value.is_string() && test->holds(value.as_string());
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kLongest = 200;
  if (text.size() <= kLongest) return '"' + std::string(text) + '"';
  std::size_t cut = kLongest;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
  return '"' + std::string(text.substr(0, cut)) + "\"... (" + std::to_string(text.size()) + " bytes)";
}

std::string prompt(std::optional<std::string_view> text, bool show) {
  if (!text) return "nothing";
  return show ? quoted(*text) : "a text of " + std::to_string(text->size()) + " bytes";
}

std::string listed(const std::vector<std::string_view>& names) {
  std::string list;
  for (const std::string_view name : names) list += (list.empty() ? "" : ", ") + quoted(name);
  return list.empty() ? "none" : list;
}

std::string header_finding(const Condition& condition, const Question& question) {
  const auto value = question.header(condition.key);
  if (!value) return "nothing";
  return is_credential_header(condition.key) ? "a value that is not shown" : quoted(*value);
}

std::string json_finding(Json value, bool show) {
  if (!value) return "nothing";
  if (value.is_string()) return prompt(value.as_string(), show);
  if (value.is_array() || value.is_object()) {
    if (show) return quoted(to_text(value));
    return (value.is_array() ? "an array of " : "an object of ") + std::to_string(value.size());
  }
  return to_text(value);
}

std::vector<std::string_view> of_results(const Question& question, std::string_view ToolResult::*member) {
  std::vector<std::string_view> values;
  for (const ToolResult& result : question.tool_results) values.push_back(result.*member);
  return values;
}

}  // namespace

bool each_text(Field field, std::string_view key, const Question& question, const VisitText& visit) {
  const auto one = [&visit](std::optional<std::string_view> text) { return text && visit(*text); };
  const auto any = [&visit](const std::vector<std::string_view>& texts) {
    return std::any_of(texts.begin(), texts.end(), visit);
  };
  const auto any_result = [&](std::string_view ToolResult::*member) {
    return std::any_of(question.tool_results.begin(), question.tool_results.end(),
                       [&](const ToolResult& result) { return visit(result.*member); });
  };
  switch (field) {
    case Field::Endpoint:
      return visit(question.operation);
    case Field::Model:
      return visit(question.model);
    case Field::LastUser:
      return one(question.last_user);
    case Field::System:
      return one(question.system);
    case Field::AnyText:
      return any(question.texts);
    case Field::ToolResult:
      return any_result(&ToolResult::text);
    case Field::ToolResultOf:
      return any_result(&ToolResult::tool);
    case Field::ToolCallId:
      return any_result(&ToolResult::call_id);
    case Field::OffersTool:
      return any(question.offered_tools);
    case Field::Header:
      return one(question.header(key));
    default:
      return false;
  }
}

bool holds(const Condition& condition, const Question& question) {
  if (condition.field == Field::JsonValue) {
    return holds_json(condition, question.body.find_pointer(condition.key));
  }
  if (const auto* test = std::get_if<TextPattern>(&condition.expected)) {
    return each_text(condition.field, condition.key, question,
                     [test](std::string_view text) { return test->holds(text); });
  }
  if (const auto* one_of = std::get_if<OneOf>(&condition.expected)) {
    return std::find(one_of->names.begin(), one_of->names.end(), question.operation) != one_of->names.end();
  }
  if (const auto* exists = std::get_if<Exists>(&condition.expected)) {
    return question.header(condition.key).has_value() == exists->exists;
  }
  return holds_number_or_flag(condition, question);
}

std::string subject_of(const Condition& condition) {
  const std::string name(name_of(condition.field));
  return condition.key.empty() ? name : name + " " + condition.key;
}

std::string expectation_of(const Condition& condition) {
  if (const auto* test = std::get_if<TextPattern>(&condition.expected)) return test->describe();
  if (const auto* flag = std::get_if<bool>(&condition.expected)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&condition.expected)) return std::to_string(*number);
  if (const auto* equals = std::get_if<Equals>(&condition.expected)) return to_text(equals->value);
  if (const auto* exists = std::get_if<Exists>(&condition.expected)) return exists->exists ? "any value" : "no value";
  std::string names;
  for (const std::string& name : std::get<OneOf>(condition.expected).names) names += (names.empty() ? "" : ", ") + name;
  return "one of " + names;
}

std::string finding_of(const Condition& condition, const Question& question, bool show_prompts) {
  switch (condition.field) {
    case Field::Endpoint:
      return quoted(question.operation);
    case Field::Model:
      return quoted(question.model);
    case Field::LastUser:
      return prompt(question.last_user, show_prompts);
    case Field::System:
      return prompt(question.system, show_prompts);
    case Field::AnyText:
      return show_prompts ? listed(question.texts) : std::to_string(question.texts.size()) + " texts";
    case Field::HasToolResult:
      return question.turn ? (question.tool_results.empty() ? "false" : "true") : "no conversation";
    case Field::ToolResult:
      return show_prompts ? listed(of_results(question, &ToolResult::text))
                          : std::to_string(question.tool_results.size()) + " tool results";
    case Field::ToolResultOf:
      return listed(of_results(question, &ToolResult::tool));
    case Field::ToolCallId:
      return listed(of_results(question, &ToolResult::call_id));
    case Field::Turn:
      return question.turn ? std::to_string(*question.turn) : "no conversation";
    case Field::OffersTool:
      return listed(question.offered_tools);
    case Field::Header:
      return header_finding(condition, question);
    case Field::JsonValue:
      return json_finding(question.body.find_pointer(condition.key), show_prompts);
    case Field::Stream:
      return question.stream ? "true" : "false";
  }
  return "";
}

std::string_view name_of(Field field) {
  return kNames.at(static_cast<std::size_t>(field));
}

bool is_credential_header(std::string_view name) {
  constexpr std::array<std::string_view, 8> kSecret = {"authorization", "proxy-authorization", "x-api-key",
                                                       "api-key",       "x-goog-api-key",      "cookie",
                                                       "set-cookie",    "openai-organization"};
  return std::any_of(kSecret.begin(), kSecret.end(),
                     [name](std::string_view secret) { return equal_ignoring_case(secret, name); });
}

}  // namespace mimus::server
