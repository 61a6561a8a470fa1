// What does a rate limit add to a request: one key for all, and a key of its own for each of 10,000 callers?
#include <cstdint>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "server/limits/limit_headers.h"
#include "server/limits/rate_limiter.h"

namespace {

using namespace mimus::server;

RateLimiter& shared_limiter() {
  static RateLimiter limiter(LimitTime::Refill);
  return limiter;
}

void BM_Admit(benchmark::State& state) {
  RateLimiter& limiter = shared_limiter();
  const MinuteLimits limits{1'000'000'000, 10'000'000'000};
  std::vector<std::string> keys;
  for (std::int64_t i = 0; i < state.range(0); ++i)
    keys.push_back("sk-test-key-of-the-usual-length-" + std::to_string(i));
  std::size_t next = 0;
  WallTime now{std::chrono::seconds(1'700'000'000)};
  for (auto _ : state) {
    now += Duration(10);
    const Decision decision = limiter.admit(keys[next], "chat", limits, {1, 50}, now);
    if (!decision.is_admitted()) state.SkipWithError("refused");
    next = next + 1 == keys.size() ? 0 : next + 1;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Admit)->ArgName("keys")->Arg(1)->Arg(10'000)->Threads(1)->Threads(2);

void BM_LimitHeaders(benchmark::State& state) {
  std::vector<LimitHeader> rows;
  for (const auto of : {LimitHeader::Of::Requests, LimitHeader::Of::Tokens}) {
    rows.push_back({"x-ratelimit-limit-requests", LimitHeader::Shows::Limit, of, LimitHeader::As::Integer});
    rows.push_back({"x-ratelimit-remaining-requests", LimitHeader::Shows::Remaining, of, LimitHeader::As::Integer});
    rows.push_back({"x-ratelimit-reset-requests", LimitHeader::Shows::Reset, of, LimitHeader::As::GoDuration});
  }
  RateLimiter limiter(LimitTime::Refill);
  const WallTime now{std::chrono::seconds(1'700'000'000)};
  const Decision decision = limiter.admit("key", "chat", {500, 30'000}, {1, 50}, now);
  for (auto _ : state) {
    auto headers = limit_headers(rows, decision, now);
    if (headers.size() != 6) state.SkipWithError("headers are missing");
    benchmark::DoNotOptimize(headers);
  }
}
BENCHMARK(BM_LimitHeaders);

}  // namespace
