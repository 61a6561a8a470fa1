// Many streams at once against one server: open, read, judge. A few threads, each with an epoll of its own; Linux.
//
// Starts are open loop: stream i begins `i * ramp / streams` after the start of the run, whatever the others do; how
// late this client was with that stands in `start_lag`. Each stream has its own connection. The streams are dealt to
// the threads in turn, so that each of them ramps evenly.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "api/result.h"
#include "benchmarks/load/chat_stream.h"
#include "benchmarks/load/process_usage.h"

namespace mimus::load {

inline constexpr int kMaxLoadThreads = 64;  // each costs about a megabyte of histograms

// As many threads as there are cores for this process, but no more than 4: the server needs some as well.
int default_load_threads();

struct LoadPlan {
  std::string address = "127.0.0.1";  // numeric IPv4
  std::uint16_t port = 0;
  std::string path = "/v1/chat/completions";
  std::string key = "sk-load";
  std::string body;  // of every request; has to ask for a stream with usage
  int streams = 1;
  int threads = default_load_threads();  // 1 to kMaxLoadThreads; a thread without a stream is not started
  Nanos ramp{0};
  Schedule schedule;
  Nanos timeout{0};           // of the whole run; streams that are open then have failed
  std::optional<int> server;  // the process to watch
};

// What came of some of the streams.
struct LoadTally {
  std::array<int, kStreamFailures> ends{};  // by StreamFailure
  std::int64_t tokens = 0;                  // that came
  std::int64_t largest_usage = 0;           // of any stream
  Lateness lateness;
  Histogram start_lag;

  // Those of other streams besides.
  void add(const LoadTally& other);
};

// Of all streams, whichever thread had them.
struct LoadResult : LoadTally {
  int streams = 0;
  int threads = 0;              // of this client that had streams
  std::int64_t tokens_due = 0;  // streams times the largest count that any usage gave
  int most_open = 0;            // at one time
  Nanos took{0};
  std::chrono::milliseconds client_cpu{0};  // of all threads
  std::optional<ProcessUsage> server_before;
  std::optional<ProcessUsage> server_full;  // the latest reading with most_open streams; one each 100 ms
  std::optional<ProcessUsage> server_after;

  [[nodiscard]] bool is_whole() const { return ends[0] == streams && tokens == tokens_due; }
};

// The body of a streamed chat request that is answered with at most `max_tokens` tokens, and with its usage.
std::string chat_body(const std::string& model, const std::string& prompt, int max_tokens);

// Errc::BadInput: the plan cannot be run here (address, threads, descriptors); Errc::Io: epoll or a
// thread failed. A server that does not answer is no error of the run: its streams end with StreamFailure::Connect.
Result<LoadResult> run_load(const LoadPlan& plan);

}  // namespace mimus::load
