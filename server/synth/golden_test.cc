// Byte-exact replies. Run with MIMUS_UPDATE_GOLDEN=1 to write the files anew, and review their difference like code.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "api/json_writer.h"
#include "api/read_file.h"
#include "server/synth/call_builder.h"
#include "server/synth/synthesise.h"

namespace mimus::server {
namespace {

constexpr std::uint64_t kSeed = 42;
constexpr std::string_view kWeather =
    R"({"type":"object","properties":{"city":{"type":"string"},"unit":{"enum":["celsius","fahrenheit"]},"days":{"type":"integer","minimum":1,"maximum":7}},"required":["city","unit"]})";
constexpr std::string_view kEvent =
    R"({"type":"object","properties":{"name":{"type":"string"},"date":{"type":"string","format":"date"},"price":{"type":"number"},"email":{"type":"string","format":"email"},"code":{"type":"string","pattern":"^[A-Z]{2}-\\d{4}$"},"guests":{"type":"array","items":{"type":"string"},"minItems":2,"uniqueItems":true},"note":{"anyOf":[{"type":"null"},{"type":"string"}]}},"required":["name","date","price","email","code","guests","note"],"additionalProperties":false})";

struct GoldenCase {
  std::string name;
  CallBuilder built;
};

template <class Change>
CallBuilder with(CallBuilder built, Change change) {
  change(built.call);
  return built;
}

CallBuilder ask() {
  return CallBuilder().user("Tell me about lighthouses in Norway");
}
CallBuilder weather() {
  return CallBuilder().user("What is the weather in Oslo?").tool("get_weather", kWeather, "Forecast for a city");
}

std::vector<GoldenCase> cases() {
  using Mode = ToolChoice::Mode;
  using Kind = ResponseFormat::Kind;
  return {
      {"chat", ask()},
      {"chat_with_system", CallBuilder().say(Role::System, "You are brief.").user("Why is the sky blue?")},
      {"chat_without_words", CallBuilder().user("?!")},
      {"chat_chinese", CallBuilder().user("\u5317\u4eac\u7684\u5929\u6c14\u600e\u4e48\u6837\uff1f")},
      {"chat_seed", with(ask(), [](Call& c) { c.seed = 7; })},
      {"chat_other_model", with(ask(), [](Call& c) { c.model = "gpt-5"; })},
      {"chat_three_choices", with(ask(), [](Call& c) { c.n = 3; })},
      {"chat_max_tokens", with(ask(), [](Call& c) { c.max_tokens = 12; })},
      {"chat_stop", with(ask(), [](Call& c) { c.stop = {"."}; })},
      {"chat_logprobs", with(ask(),
                             [](Call& c) {
                               c.logprobs = true;
                               c.top_logprobs = 2;
                               c.max_tokens = 4;
                             })},
      {"tool_auto", weather()},
      {"tool_named", weather().choice(Mode::Named, "get_weather")},
      {"tools_parallel", CallBuilder().user("time and weather, please").tool("get_time").tool("get_weather", kWeather)},
      {"tool_result",
       weather().called("call_1", "get_weather", "{\"city\":\"Oslo\"}").result("call_1", "4 degrees, snow")},
      {"tool_legacy", with(weather(), [](Call& c) { c.legacy_functions = true; })},
      {"tool_custom", with(weather(), [](Call& c) { c.tools[0].is_custom = true; })},
      {"json_object", ask().format(Kind::JsonObject)},
      {"json_schema", CallBuilder().user("Plan a birthday party for Ada").format(Kind::JsonSchema, kEvent)},
      {"json_schema_cut", with(ask().format(Kind::JsonSchema, kEvent), [](Call& c) { c.max_tokens = 10; })},
  };
}

void write_choice(const Choice& choice, JsonWriter& json) {
  constexpr std::string_view kFinish[] = {"stop", "length", "tool_calls", "function_call", "content_filter"};
  json.object().member("text", std::string_view(choice.text));
  json.member("finish", kFinish[static_cast<std::size_t>(choice.finish)]).key("tool_calls").array();
  for (const ToolCall& made : choice.tool_calls) {
    json.object().member("id", std::string_view(made.id)).member("name", std::string_view(made.name));
    json.member("arguments", std::string_view(made.arguments)).end_object();
  }
  json.end_array().key("logprobs").array();
  for (const TokenLogprob& entry : choice.logprobs) {
    json.object().key(entry.token).number(entry.logprob);
    for (const auto& [token, value] : entry.top) json.key(token).number(value);
    json.end_object();
  }
  json.end_array().end_object();
}

std::string golden_text(const Reply& reply) {
  std::string text;
  JsonWriter json(text);
  json.object().member("prompt_tokens", reply.usage.prompt_tokens);
  json.member("completion_tokens", reply.usage.completion_tokens).key("choices").array();
  for (const Choice& choice : reply.choices) write_choice(choice, json);
  json.end_array().end_object();
  return text + "\n";
}

TEST(SynthGolden, RepliesAreTheSameToTheByte) {
  const auto folder = std::filesystem::path(MIMUS_SOURCE_DIR) / "fixtures/golden/synth";
  for (const GoldenCase& c : cases()) {
    const auto reply = synthesise(c.built.call, digest_of(c.built.call, kSeed));
    ASSERT_TRUE(reply) << c.name << reply.error().text();
    const std::string found = golden_text(*reply);
    const auto file = folder / (c.name + ".json");
    if (std::getenv("MIMUS_UPDATE_GOLDEN") != nullptr) {
      std::filesystem::create_directories(folder);
      std::ofstream(file, std::ios::binary) << found;
    }
    const auto expected = read_file(file, 1 << 20);
    ASSERT_TRUE(expected) << expected.error().text();
    EXPECT_EQ(found, *expected) << c.name;
  }
}

}  // namespace
}  // namespace mimus::server
