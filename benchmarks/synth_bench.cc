// What does synthesis cost a request? The whole server has about 15 us for one, so a short chat should take about 1 us.
// Each case checks its answer: the same text every time, and an instance for every schema.

#include <benchmark/benchmark.h>

#include "server/synth/call_builder.h"
#include "server/synth/prose.h"
#include "server/synth/schema_instance.h"
#include "server/synth/synthesise.h"
#include "server/tokens.h"

namespace mimus::server {
namespace {

constexpr std::string_view kWeather =
    R"({"type":"object","properties":{"location":{"type":"string"},"unit":{"type":"string","enum":["celsius","fahrenheit"]}},"required":["location","unit"],"additionalProperties":false})";
constexpr std::string_view kOrder =
    R"({"type":"object","properties":{"id":{"type":"string","format":"uuid"},"items":{"type":"array","minItems":2,"items":{"type":"object","properties":{"sku":{"type":"string","pattern":"^[A-Z]{3}-\\d{4}$"},"quantity":{"type":"integer","minimum":1},"price":{"anyOf":[{"type":"number"},{"type":"null"}]}},"required":["sku","quantity","price"]}}},"required":["id","items"]})";

void BM_CountTokens(benchmark::State& state) {
  const std::string text = prose(1, Topics("lighthouses in Norway"), state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(count_tokens(text));
  if (count_tokens(text) != state.range(0)) state.SkipWithError("wrong count");
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(BM_CountTokens)->Arg(60)->Arg(4000);

void synthesise_each_time(benchmark::State& state, const Call& call) {
  const auto first = synthesise(call, digest_of(call, 1));
  if (!first) return state.SkipWithError(first.error().text().c_str());
  for (auto _ : state) {
    const auto reply = synthesise(call, digest_of(call, 1));
    if (reply->usage.completion_tokens != first->usage.completion_tokens) state.SkipWithError("another reply");
    benchmark::DoNotOptimize(reply);
  }
  state.SetItemsProcessed(state.iterations());
}

void BM_ShortChat(benchmark::State& state) {
  const CallBuilder built =
      CallBuilder().say(Role::System, "You are a helpful assistant.").user("Tell me about lighthouses");
  synthesise_each_time(state, built.call);
}
BENCHMARK(BM_ShortChat);

void BM_ShortChatWithLogprobs(benchmark::State& state) {
  CallBuilder built = CallBuilder().user("Tell me about lighthouses");
  built.call.logprobs = true;
  built.call.top_logprobs = 5;
  synthesise_each_time(state, built.call);
}
BENCHMARK(BM_ShortChatWithLogprobs);

void BM_ToolCall(benchmark::State& state) {
  const CallBuilder built = CallBuilder().user("What is the weather in Paris?").tool("get_weather", kWeather);
  synthesise_each_time(state, built.call);
}
BENCHMARK(BM_ToolCall);

void BM_SchemaInstance(benchmark::State& state) {
  const auto schema = parse_json(kOrder);
  const Topics topics("order two lamps");
  std::uint64_t digest = 0;
  for (auto _ : state) {
    const auto text = schema_instance(schema->root(), ++digest, topics);
    if (!text) state.SkipWithError(text.error().text().c_str());
    benchmark::DoNotOptimize(text);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_SchemaInstance);

}  // namespace
}  // namespace mimus::server
