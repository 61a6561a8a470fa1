// How long do 2,048 embeddings of 1,536 dimensions take, JSON text included? Asked for is less than a second.
#include <cstdint>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "server/synth/embedding.h"

namespace {

using namespace mimus::server;

std::vector<std::string> texts(std::size_t count) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back("Document " + std::to_string(i) + " tells how the river and the harbour of a small town change in " +
                  "the season of rain, and what number " + std::to_string(i * 7919) + " has to do with it.");
  }
  return out;
}

void BM_Embeddings(benchmark::State& state) {
  const auto inputs = texts(2'048);
  const bool as_base64 = state.range(0) == 1;
  std::int64_t bytes = 0;
  for (auto _ : state) {
    std::string body;
    for (const std::string& input : inputs) {
      const auto values = embed_text(input, 1'536, 1);
      if (as_base64) {
        append_base64_floats(values, body);
      } else {
        append_json_floats(values, body);
      }
    }
    benchmark::DoNotOptimize(body);
    bytes += static_cast<std::int64_t>(body.size());
    if (as_base64 && body.size() != inputs.size() * 1'536 * 4 / 3 * 4) state.SkipWithError("wrong size");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(inputs.size()));
  state.SetBytesProcessed(bytes);
}
BENCHMARK(BM_Embeddings)->ArgName("base64")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
