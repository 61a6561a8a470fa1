// How long does it take to find the scripted reply among 10,000 fixtures, and to load 100 MB of them?
// Bounds that a change must keep: a look-up under 20 us, the load under 3 s.
#include <benchmark/benchmark.h>

#include <cstdlib>

#include "api/object_reader.h"
#include "server/match/choose.h"
#include "server/match/fixture_reader.h"
#include "server/match/fixture_store.h"

namespace {

using namespace mimus;
using namespace mimus::server;

constexpr int kFixtures = 10'000;

const std::string kSystem =
    R"({"role":"system","content":"You are a helpful assistant that answers questions about the weather in many towns."})";

// The `when` of fixture i, by the kind of its distinguishing condition.
std::string when_of(const std::string& kind, int i) {
  const std::string n = std::to_string(i);
  if (kind == "exact")
    return R"({"endpoint":"chat.completions","last_user":"what is the weather in town )" + n + R"(?"})";
  if (kind == "contains") return R"({"last_user":{"contains":"weather in town )" + n + R"(?"}})";
  if (kind == "regex") return R"({"last_user":{"regex":"^what .* weather in town )" + n + R"([?]$"},"model":"gpt-4*"})";
  if (kind == "any_case") return R"({"last_user":{"regex":"(?i)TOWN )" + n + R"([?]$"},"model":"gpt-4*"})";
  if (kind == "no_literal") return R"({"last_user":{"regex":"t?[o]wn )" + n + R"([?]$"},"model":"gpt-4*"})";
  if (kind == "json") return R"({"json":{"/metadata/case":")" + n + R"("},"model":"gpt-4o"})";
  if (kind == "recorded") {
    return R"({"endpoint":"chat.completions","model":"gpt-4o","stream":false,"json":{"/messages":[)" + kSystem +
           R"(,{"role":"user","content":"what is the weather in town )" + n + R"(?"}]}})";
  }
  return R"({"header":{"x-case":")" + n + R"("},"endpoint":"chat.completions"})";
}

const std::string kBody = R"({"model":"gpt-4o","metadata":{"case":"7777"},"messages":[)" + kSystem + R"(,
  {"role":"user","content":"what is the weather in town 7777?"}]})";

void look_up(benchmark::State& state, const std::string& kind) {
  std::string text = "{\"mimus\":1,\"fixtures\":[";
  for (int i = 0; i < kFixtures; ++i) {
    text += (i == 0 ? "" : ",") +
            ("{\"name\":\"f" + std::to_string(i) + "\",\"when\":" + when_of(kind, i) + R"(,"reply":{"text":"x"}})");
  }
  FixtureStore store{Vocabulary{}};
  if (!store.add(text + "]}")) std::abort();
  const auto matcher = store.snapshot();
  const std::vector<HeaderView> headers = {{"content-type", "application/json"}, {"x-case", "7777"}};
  const JsonDocument body = std::move(*parse_file_text(kBody, ""));
  TestStates states;
  const Question question = question_of("chat.completions", "", false, body.root(), headers);
  for (auto _ : state) {
    const auto chosen = choose(*matcher, question, states, "test:t");
    if (!chosen || chosen->fixture->name != "f7777") std::abort();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(look_up, exact, "exact");
BENCHMARK_CAPTURE(look_up, contains, "contains");
BENCHMARK_CAPTURE(look_up, regex, "regex");
BENCHMARK_CAPTURE(look_up, regex_of_any_case, "any_case");
BENCHMARK_CAPTURE(look_up, regex_without_a_literal, "no_literal");  // the case that the index cannot help: a walk
BENCHMARK_CAPTURE(look_up, json, "json");
BENCHMARK_CAPTURE(look_up, header, "header");
BENCHMARK_CAPTURE(look_up, recorded, "recorded");  // as `serve --record` writes it: the whole conversation is equal

void read_question(benchmark::State& state) {
  const JsonDocument body = std::move(*parse_file_text(kBody, ""));
  for (auto _ : state) benchmark::DoNotOptimize(question_of("chat.completions", "", false, body.root(), {}));
}
BENCHMARK(read_question);

void load_100_megabytes(benchmark::State& state) {
  std::string text = "{\"mimus\":1,\"fixtures\":[\n";
  for (int i = 0; text.size() < 100'000'000; ++i) {
    const std::string n = std::to_string(i);
    text +=
        (i == 0 ? "" : ",\n") +
        (R"({"name":"case )" + n + R"(","when":{"endpoint":"chat.completions","model":"gpt-4*",)" +
         R"("last_user":{"contains":"question number )" + n + R"( about the weather"},"turn":1},"reply":{"text":")" +
         "A reply of some length, as recorded ones are, that says what the weather is like in that town and some more, "
         "so that a fixture has the five hundred bytes that fixtures of this kind tend to have. " +
         n + R"(","usage":{"prompt_tokens":12,"completion_tokens":34},"pace":{"ttft":"20ms","token":"5ms"}}})");
  }
  text += "]}";
  for (auto _ : state) {
    FixtureStore store{Vocabulary{}};
    if (!store.add(text)) std::abort();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(load_100_megabytes)->Unit(benchmark::kMillisecond)->Iterations(2);

}  // namespace
