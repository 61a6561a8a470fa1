// What does reading a chat request cost, and how much of it the dialect's rules?
#include <benchmark/benchmark.h>

#include "server/endpoints/chat_request.h"

namespace mimus::server {
namespace {

constexpr std::string_view kBody =
    R"({"model":"gpt-4o-mini","messages":[{"role":"system","content":"You are a helpful assistant."},)"
    R"({"role":"user","content":"Say this is a test, please."}],"temperature":0.7,"max_tokens":64,"stream":true,)"
    R"("stream_options":{"include_usage":true}})";

const Dialect& openai() {
  static const Result<Dialect> dialect = load_dialect("openai");
  return *dialect;
}

void BM_CheckRules(benchmark::State& state) {
  const Endpoint& endpoint = *openai().find_endpoint("chat.completions");
  const auto body = parse_json(kBody);
  for (auto _ : state) {
    const auto refusal = endpoint.rules.check(body->root());
    if (refusal) state.SkipWithError("refused a good request");
  }
}
BENCHMARK(BM_CheckRules);

void BM_ReadChatRequest(benchmark::State& state) {
  const Endpoint& endpoint = *openai().find_endpoint("chat.completions");
  for (auto _ : state) {
    const auto call = read_chat_request(kBody, openai(), endpoint);
    if (!call) state.SkipWithError("refused a good request");
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * kBody.size()));
}
BENCHMARK(BM_ReadChatRequest);

void BM_LoadDialect(benchmark::State& state) {
  for (auto _ : state) {
    const auto dialect = load_dialect("openai");
    if (!dialect) state.SkipWithError("not loaded");
  }
}
BENCHMARK(BM_LoadDialect)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mimus::server
