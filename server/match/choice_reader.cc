#include "server/match/choice_reader.h"

#include <algorithm>
#include <array>

namespace mimus::server {
namespace {

constexpr std::array<std::string_view, 7> kMembers = {"text",      "json",          "tool_calls", "refusal",
                                                      "reasoning", "finish_reason", "logprobs"};

std::optional<FinishReason> read_finish(ObjectReader& reader) {
  const std::vector<std::string_view> names = {"", "stop", "length", "tool_calls", "function_call", "content_filter"};
  const std::size_t index = reader.one_of("finish_reason", names, 0);
  if (index == 0) return std::nullopt;
  return static_cast<FinishReason>(index - 1);
}

// Arguments are an object, which the reply carries as text; or a text that is carried as it is, valid or not.
Template read_arguments(ObjectReader& reader, Json arguments) {
  if (arguments && !arguments.is_object() && !arguments.is_string()) {
    reader.fail("arguments", "expected an object (or a string, to be sent as it is), found " + describe(arguments));
    return {};
  }
  auto parsed = arguments.is_string() ? Template::parse(arguments.as_string())
                : arguments           ? Template::parse_json(arguments)
                                      : Template::parse("{}");
  if (parsed) return std::move(*parsed);
  reader.fail("arguments", parsed.error().message);
  return {};
}

ScriptedToolCall read_tool_call(Json json, const std::string& where, ObjectReader& outer) {
  ObjectReader reader(json, where);
  ScriptedToolCall call;
  call.name = reader.required_string("name");
  call.id = reader.string("id", "");
  call.is_custom = reader.boolean("custom", false);
  call.arguments = read_arguments(reader, reader.any("arguments"));
  if (const auto done = reader.finish(); !done) outer.fail(done.error());
  return call;
}

TokenLogprob read_logprob(Json json, const std::string& where, ObjectReader& outer) {
  ObjectReader reader(json, where);
  TokenLogprob logprob;
  logprob.token = reader.required_string("token");
  logprob.logprob = reader.number("logprob", 0);
  if (logprob.logprob > 0) reader.fail("logprob", "expected at most 0, the logarithm of a probability");
  std::size_t index = 0;
  for (const Json alternative : reader.array("top").elements()) {
    const std::string place = reader.path_of("top") + "/" + std::to_string(index++);
    ObjectReader top(alternative, place);
    std::string token = top.required_string("token");
    logprob.top.emplace_back(std::move(token), top.number("logprob", 0));
    if (const auto done = top.finish(); !done) reader.fail(done.error());
  }
  if (const auto done = reader.finish(); !done) outer.fail(done.error());
  return logprob;
}

template <class Item, class Read>
std::vector<Item> read_each(ObjectReader& reader, std::string_view key, Read read) {
  std::vector<Item> items;
  for (const Json element : reader.array(key).elements()) {
    items.push_back(read(element, reader.path_of(key) + "/" + std::to_string(items.size()), reader));
  }
  return items;
}

std::optional<std::int64_t> read_optional_count(ObjectReader& reader, std::string_view key) {
  if (!reader.any(key)) return std::nullopt;
  return reader.integer(key, 0, 0, 1'000'000'000'000);
}

}  // namespace

bool has_choice(Json json) {
  return std::any_of(kMembers.begin(), kMembers.end(), [json](std::string_view key) { return bool(json.find(key)); });
}

Template read_template(ObjectReader& reader, std::string_view key) {
  const std::string text = reader.string(key, "");
  auto parsed = Template::parse(text);
  if (parsed) return std::move(*parsed);
  reader.fail(key, parsed.error().message);
  return {};
}

ScriptedChoice read_choice(ObjectReader& reader) {
  ScriptedChoice choice;
  choice.text = read_template(reader, "text");
  if (const Json json = reader.any("json")) {
    if (!choice.text.is_empty()) reader.fail("json", "the text is given twice: as \"text\" and as \"json\"");
    auto parsed = Template::parse_json(json);
    if (!parsed) reader.fail("json", parsed.error().message);
    if (parsed) choice.text = std::move(*parsed);
  }
  if (reader.any("refusal")) choice.refusal = read_template(reader, "refusal");
  choice.reasoning = read_template(reader, "reasoning");
  choice.tool_calls = read_each<ScriptedToolCall>(reader, "tool_calls", read_tool_call);
  choice.logprobs = read_each<TokenLogprob>(reader, "logprobs", read_logprob);
  choice.finish = read_finish(reader);
  return choice;
}

ScriptedUsage read_usage(ObjectReader& outer) {
  ScriptedUsage usage;
  const Json json = outer.object("usage");
  if (!json) return usage;
  ObjectReader reader(json, outer.path_of("usage"));
  usage.prompt_tokens = read_optional_count(reader, "prompt_tokens");
  usage.completion_tokens = read_optional_count(reader, "completion_tokens");
  usage.cached_tokens = read_optional_count(reader, "cached_tokens");
  usage.reasoning_tokens = read_optional_count(reader, "reasoning_tokens");
  if (const auto done = reader.finish(); !done) outer.fail(done.error());
  return usage;
}

}  // namespace mimus::server
