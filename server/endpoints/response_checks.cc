#include "server/endpoints/response_checks.h"

#include <algorithm>
#include <set>

#include "server/dialect/rule_texts.h"
#include "server/endpoints/chat_checks.h"
#include "server/endpoints/strict_schema.h"

namespace mimus::server {
namespace {

// Where a parameter of the chat API, by which models are described, stands in this one.
struct Place {
  std::string_view chat;
  std::string_view pointer;
  std::string_view param;
};
constexpr Place kPlaces[] = {
    {"temperature", "/temperature", "temperature"},
    {"top_p", "/top_p", "top_p"},
    {"presence_penalty", "/presence_penalty", "presence_penalty"},
    {"frequency_penalty", "/frequency_penalty", "frequency_penalty"},
    {"reasoning_effort", "/reasoning/effort", "reasoning.effort"},
    {"verbosity", "/text/verbosity", "text.verbosity"},
};

bool accepts(const ParameterRefusal& rule, Json value) {
  return std::any_of(rule.accepted.begin(), rule.accepted.end(), [&](const std::string& text) {
    const auto accepted = parse_json(text);
    return accepted && equal(accepted->root(), value);
  });
}

Refusal refuse_value(const ParameterRefusal& rule, const Place& place, Json value, const Model& model) {
  if (rule.only_while_reasoning) return refusal_at("unsupported_sampling", std::string(place.param));
  if (rule.accepted.empty()) return refusal_at("unsupported_parameter", std::string(place.param));
  std::vector<std::string> names;
  for (const std::string& text : rule.accepted) {
    const auto accepted = parse_json(text);
    names.push_back(accepted ? echo(accepted->root()) : text);
  }
  return {"unsupported_value_of_model",
          {{"param", std::string(place.param)},
           {"value", echo(value)},
           {"model", model.id},
           {"allowed", quoted_list(names, "and")}}};
}

bool reasons(Json body, const Model& model) {
  const std::string_view effort = body.find("reasoning").find("effort").string_or(model.reasoning_effort);
  return !model.reasoning_effort.empty() && effort != "none";
}

std::optional<Refusal> check_logprobs(Json body) {
  for (const Json each : body.find("include").elements()) {
    if (each.string_or("") == "message.output_text.logprobs") return refusal_at("logprobs_while_reasoning", "include");
  }
  if (body.find("top_logprobs").int_or(0) > 0) return refusal_at("logprobs_while_reasoning", "top_logprobs");
  return std::nullopt;
}

std::string_view name_of(Json tool) {
  return tool.find("name").string_or("");
}

bool offers(Json tools, Json choice) {
  const auto elements = tools.elements();
  return std::any_of(elements.begin(), elements.end(), [&](Json tool) {
    return equal(tool.find("type"), choice.find("type")) && name_of(tool) == name_of(choice);
  });
}

// Functions and custom tools are chosen by name; the vendor's own tools have none.
std::optional<Refusal> check_choice(Json tools, Json choice) {
  const std::string_view type = choice.find("type").string_or("");
  for (const Json each : choice.find("tools").elements()) {
    if (auto refusal = check_choice(tools, each)) return refusal;
  }
  if ((type != "function" && type != "custom") || offers(tools, choice)) return std::nullopt;
  return Refusal{"tool_choice_not_found", {{"name", echo(name_of(choice))}}};
}

std::optional<Refusal> check_tools(Json body) {
  const Json tools = body.find("tools");
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < tools.size(); ++i) {
    const Json tool = tools.at(i);
    const std::string path = "tools[" + std::to_string(i) + "]";
    const Json parameters = tool.find("parameters");
    const bool is_strict = tool.find("strict").bool_or(false);
    auto fault = !parameters.has_value() ? std::nullopt
                 : is_strict             ? strict_schema_fault(parameters)
                                         : function_schema_fault(parameters);
    if (fault) {
      return Refusal{
          "function_schema",
          {{"param", path + ".parameters"}, {"name", std::string(name_of(tool))}, {"reason", std::move(*fault)}}};
    }
    if (name_of(tool).empty() || names.insert(name_of(tool)).second) continue;
    return Refusal{"duplicate_tool_name", {{"param", path}, {"name", std::string(name_of(tool))}}};
  }
  return check_choice(tools, body.find("tool_choice"));
}

bool has_json_word(std::string_view text) {
  constexpr std::string_view kWord = "json";
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b; };
  return std::search(text.begin(), text.end(), kWord.begin(), kWord.end(), same) != text.end();
}

// Instructions do not count.
bool mentions_json(Json input) {
  if (has_json_word(input.string_or(""))) return true;
  for (const Json item : input.elements()) {
    const Json content = item.find("content");
    if (has_json_word(content.string_or("")) || has_json_word(item.find("output").string_or(""))) return true;
    for (const Json part : content.elements()) {
      if (has_json_word(part.find("text").string_or(""))) return true;
    }
  }
  return false;
}

std::optional<Refusal> check_format(Json body) {
  const Json format = body.find("text").find("format");
  const std::string_view type = format.find("type").string_or("");
  if (type == "json_object" && !mentions_json(body.find("input"))) return Refusal{"json_word_missing_input", {}};
  if (!format.find("strict").bool_or(false)) return std::nullopt;
  auto fault = strict_schema_fault(format.find("schema"));
  if (!fault) return std::nullopt;
  return Refusal{"text_format_schema",
                 {{"name", std::string(format.find("name").string_or(""))}, {"reason", std::move(*fault)}}};
}

}  // namespace

std::optional<Refusal> check_response_model(Json body, const Model& model) {
  if (body.find("reasoning").find("effort").is_integer()) {
    return Refusal{"invalid_type",
                   {{"param", "reasoning.effort"},
                    {"expected", "one of 'minimal', 'low', 'medium', or 'high'"},
                    {"found", "an integer"}}};
  }
  const bool is_reasoning = reasons(body, model);
  for (const ParameterRefusal& rule : model.refuses) {
    const auto* place = std::find_if(std::begin(kPlaces), std::end(kPlaces),
                                     [&](const Place& each) { return each.chat == rule.parameter; });
    if (place == std::end(kPlaces) || (rule.only_while_reasoning && !is_reasoning)) continue;
    const Json value = body.find_pointer(place->pointer);
    if (value.has_value() && !accepts(rule, value)) return refuse_value(rule, *place, value, model);
  }
  return is_reasoning ? check_logprobs(body) : std::nullopt;
}

std::optional<Refusal> check_response_members(Json body) {
  if (body.find("background").bool_or(false) && !body.find("store").bool_or(true)) {
    return Refusal{"background_not_stored", {}};
  }
  if (auto refusal = check_tools(body)) return refusal;
  return check_format(body);
}

}  // namespace mimus::server
