#include "benchmarks/load/load_run.h"

#include <arpa/inet.h>
#include <sys/resource.h>

#include <algorithm>
#include <deque>
#include <future>
#include <system_error>
#include <thread>
#include <vector>

#include "api/descriptors.h"
#include "api/json_writer.h"
#include "benchmarks/load/load_thread.h"

namespace mimus::load {
namespace {

constexpr int kSpareDescriptors = 32;
constexpr Nanos kUsageInterval = std::chrono::milliseconds(100);

using Steady = std::chrono::steady_clock;
using Tallies = std::vector<std::future<Result<LoadTally>>>;

Result<Done> allow_descriptors(int wanted) {
  const std::size_t limit = reserve_descriptors(static_cast<std::size_t>(wanted));
  if (limit >= static_cast<std::size_t>(wanted)) return Done{};
  return Error{Errc::BadInput,
               "needs " + std::to_string(wanted) + " descriptors, the limit is " + std::to_string(limit), "ulimit -n"};
}

std::chrono::milliseconds own_cpu() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto ms = [](const timeval& t) { return std::chrono::milliseconds(t.tv_sec * 1000 + t.tv_usec / 1000); };
  return ms(usage.ru_utime) + ms(usage.ru_stime);
}

Result<Tallies> start(std::deque<LoadThread>& threads, TimePoint begin) {
  Tallies tallies;
  try {
    for (LoadThread& thread : threads) {
      tallies.push_back(std::async(std::launch::async, [&thread, begin] { return thread.run(begin); }));
    }
  } catch (const std::system_error& error) {  // those that run already end by their timeout
    return Error{Errc::Io, error.what(), "thread"};
  }
  return tallies;
}

// Waits for all threads, and reads meanwhile what the server uses with all streams open.
void watch_until_over(const Tallies& tallies, const OpenStreams& open, std::optional<int> server, LoadResult& result) {
  for (const auto& tally : tallies) {
    do {
      if (server && open.are_most()) result.server_full = find_process_usage(*server);
    } while (tally.wait_for(kUsageInterval) != std::future_status::ready);
  }
}

Result<LoadResult> run(const LoadPlan& plan, const sockaddr_in& address) {
  LoadResult result;
  result.streams = plan.streams;
  result.threads = std::min(plan.threads, plan.streams);
  OpenStreams open;
  std::deque<LoadThread> threads;
  for (int i = 0; i < result.threads; ++i) threads.emplace_back(plan, address, LoadShare{i, result.threads}, open);
  if (plan.server) result.server_before = find_process_usage(*plan.server);
  const auto cpu = own_cpu();
  const TimePoint begin = Steady::now();
  auto tallies = start(threads, begin);
  if (!tallies) return tallies.error();
  watch_until_over(*tallies, open, plan.server, result);
  result.took = Steady::now() - begin;
  result.client_cpu = own_cpu() - cpu;
  if (plan.server) result.server_after = find_process_usage(*plan.server);
  for (auto& future : *tallies) {
    const auto tally = future.get();
    if (!tally) return tally.error();
    result.add(*tally);
  }
  result.most_open = open.most();
  result.tokens_due = result.largest_usage * plan.streams;
  return result;
}

}  // namespace

int default_load_threads() {
  return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, 4);
}

void LoadTally::add(const LoadTally& other) {
  for (int i = 0; i < kStreamFailures; ++i) ends[i] += other.ends[i];
  tokens += other.tokens;
  largest_usage = std::max(largest_usage, other.largest_usage);
  lateness.from_request.add(other.lateness.from_request);
  lateness.from_first.add(other.lateness.from_first);
  lateness.first_token.add(other.lateness.first_token);
  start_lag.add(other.start_lag);
}

std::string chat_body(const std::string& model, const std::string& prompt, int max_tokens) {
  std::string body;
  JsonWriter json(body);
  json.object()
      .member("model", model)
      .key("messages")
      .array()
      .object()
      .member("role", "user")
      .member("content", prompt);
  json.end_object().end_array().member("stream", true).member("max_tokens", max_tokens);
  json.key("stream_options").object().member("include_usage", true).end_object().end_object();
  return body;
}

Result<LoadResult> run_load(const LoadPlan& plan) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(plan.port);
  if (inet_pton(AF_INET, plan.address.c_str(), &address.sin_addr) != 1) {
    return Error{Errc::BadInput, "expected a numeric IPv4 address, found \"" + plan.address + "\"", "address"};
  }
  if (plan.threads < 1 || plan.threads > kMaxLoadThreads) {
    return Error{Errc::BadInput,
                 "expected 1 to " + std::to_string(kMaxLoadThreads) + ", found " + std::to_string(plan.threads),
                 "threads"};
  }
  if (const auto allowed = allow_descriptors(plan.streams + plan.threads + kSpareDescriptors); !allowed) {
    return allowed.error();
  }
  return run(plan, address);
}

}  // namespace mimus::load
