// Members that need or exclude each other.
#include <algorithm>
#include <set>
#include <string>

#include "server/dialect/rule_texts.h"
#include "server/endpoints/chat_checks.h"
#include "server/endpoints/strict_schema.h"

namespace mimus::server {
namespace {

Refusal refuse_pair(std::string_view situation, std::string_view param, std::string_view other) {
  Refusal refusal = refusal_at(situation, std::string(param));
  refusal.args.emplace_back("other", other);
  return refusal;
}

// `param` is only allowed when `other` is given (specified) or true (enabled).
struct Need {
  std::string_view param;
  std::string_view other;
  bool is_flag;
};
constexpr Need kNeeds[] = {
    {"stream_options", "stream", true},      {"top_logprobs", "logprobs", true},    {"tool_choice", "tools", false},
    {"parallel_tool_calls", "tools", false}, {"function_call", "functions", false},
};

struct Exclusion {
  std::string_view param;
  std::string_view other;
};
constexpr Exclusion kExclusions[] = {
    {"max_tokens", "max_completion_tokens"},
    {"functions", "tools"},
};

std::optional<Refusal> check_pairs(Json body) {
  for (const Need& need : kNeeds) {
    if (!body.find(need.param).has_value()) continue;
    const Json other = body.find(need.other);
    if (need.is_flag && !other.bool_or(false)) return refuse_pair("only_allowed_when_enabled", need.param, need.other);
    if (!other.has_value()) return refuse_pair("only_allowed_when_specified", need.param, need.other);
  }
  for (const Exclusion& pair : kExclusions) {
    if (body.find(pair.param).has_value() && body.find(pair.other).has_value()) {
      return refuse_pair("invalid_parameter_combination", pair.param, pair.other);
    }
  }
  return std::nullopt;
}

std::optional<Refusal> check_audio(Json body) {
  bool wants_audio = false;
  for (const Json each : body.find("modalities").elements()) wants_audio |= each.string_or("") == "audio";
  if (wants_audio && !body.find("audio").has_value()) return Refusal{"audio_required", {}};
  return std::nullopt;
}

// The function or custom tool in `entry`: its description object.
Json description_of(Json entry) {
  const Json function = entry.find("function");
  return function ? function : entry.find("custom");
}

std::string_view name_of(Json entry) {
  return description_of(entry).find("name").string_or("");
}

bool offers(Json tools, Json choice) {
  for (const Json tool : tools.elements()) {
    if (tool.find("type").string_or("") == choice.find("type").string_or("") && name_of(tool) == name_of(choice))
      return true;
  }
  return false;
}

Refusal not_offered(Json choice) {
  return Refusal{"tool_choice_not_found", {{"name", echo(name_of(choice))}}};
}

std::optional<Refusal> check_tool_choice(Json body) {
  const Json choice = body.find("tool_choice");
  if (choice.is_object()) {
    const Json tools = body.find("tools");
    const Json allowed = choice.find("allowed_tools").find("tools");
    for (const Json each : allowed.elements()) {
      if (!offers(tools, each)) return not_offered(each);
    }
    if (!allowed && !offers(tools, choice)) return not_offered(choice);
  }
  const Json legacy = body.find("function_call").find("name");
  if (!legacy) return std::nullopt;
  for (const Json function : body.find("functions").elements()) {
    if (equal(function.find("name"), legacy)) return std::nullopt;
  }
  return Refusal{"function_call_not_found", {{"name", echo(legacy)}}};
}

std::optional<Refusal> check_function(Json function, const std::string& path) {
  const Json parameters = function.find("parameters");
  if (!parameters.has_value()) return std::nullopt;
  const bool is_strict = function.find("strict").bool_or(false);
  auto fault = is_strict ? strict_schema_fault(parameters) : function_schema_fault(parameters);
  if (!fault) return std::nullopt;
  Refusal refusal = refusal_at("function_schema", path + ".parameters");
  refusal.args.emplace_back("name", function.find("name").string_or(""));
  refusal.args.emplace_back("reason", std::move(*fault));
  return refusal;
}

std::optional<Refusal> check_tool_names(Json tools) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < tools.size(); ++i) {
    const std::string_view name = name_of(tools.at(i));
    if (names.insert(name).second) continue;
    Refusal refusal = refusal_at("duplicate_tool_name", "tools[" + std::to_string(i) + "]");
    refusal.args.emplace_back("name", name);
    return refusal;
  }
  return std::nullopt;
}

std::optional<Refusal> check_tools(Json body) {
  const Json tools = body.find("tools");
  for (std::size_t i = 0; i < tools.size(); ++i) {
    const Json function = tools.at(i).find("function");
    if (auto refusal = check_function(function, "tools[" + std::to_string(i) + "].function")) return refusal;
  }
  const Json functions = body.find("functions");
  for (std::size_t i = 0; i < functions.size(); ++i) {
    if (auto refusal = check_function(functions.at(i), "functions[" + std::to_string(i) + "]")) return refusal;
  }
  return tools.has_value() ? check_tool_names(tools) : std::nullopt;
}

bool has_json_word(std::string_view text) {
  constexpr std::string_view kWord = "json";
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b; };
  return std::search(text.begin(), text.end(), kWord.begin(), kWord.end(), same) != text.end();
}

bool mentions_json(Json messages) {
  for (const Json message : messages.elements()) {
    const Json content = message.find("content");
    if (has_json_word(content.string_or(""))) return true;
    for (const Json part : content.elements()) {
      if (has_json_word(part.find("text").string_or(""))) return true;
    }
  }
  return false;
}

std::optional<Refusal> check_response_format(Json body) {
  const Json format = body.find("response_format");
  const std::string_view type = format.find("type").string_or("");
  if (type == "json_object" && !mentions_json(body.find("messages"))) return Refusal{"json_word_missing", {}};
  const Json described = format.find("json_schema");
  const Json schema = described.find("schema");
  if (!schema.has_value()) return std::nullopt;
  const bool is_strict = described.find("strict").bool_or(false);
  auto fault = is_strict ? strict_schema_fault(schema) : std::nullopt;
  if (!fault) return std::nullopt;
  return Refusal{"response_format_schema",
                 {{"name", std::string(described.find("name").string_or(""))}, {"reason", std::move(*fault)}}};
}

// Keys are token ids.
std::optional<Refusal> check_logit_bias(Json body) {
  for (const auto [key, value] : body.find("logit_bias").members()) {
    const bool is_number =
        !key.empty() && std::all_of(key.begin(), key.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!is_number) return Refusal{"invalid_logit_bias", {{"key", echo(key)}}};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> check_combinations(Json body) {
  using Check = std::optional<Refusal> (*)(Json);
  constexpr Check kChecks[] = {check_pairs,       check_audio,           check_tools,
                               check_tool_choice, check_response_format, check_logit_bias};
  for (const Check check : kChecks) {
    if (auto refusal = check(body)) return refusal;
  }
  return std::nullopt;
}

}  // namespace mimus::server
