// One streamed chat completion as a client sees it: what came, when it was due, and whether it was whole.
//
// Schedule: token k (0, 1, ...) is due `ttft + k * interval` after the request was handed to the kernel. Its lateness
// is the time of the read() that completed its event, less that; several events in one read share its time. So the
// way of the request and the server's work on it count as lateness, and so does this client's own delay. Beside it
// stands the lateness against the first token (first + k * interval), which shows the pacing alone.
// An early token counts as 0 late.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "benchmarks/load/histogram.h"
#include "benchmarks/load/http_reply_reader.h"
#include "benchmarks/load/sse_reader.h"

namespace mimus::load {

using Nanos = std::chrono::nanoseconds;
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Nanos>;

struct Schedule {
  Nanos ttft{0};
  Nanos interval{0};
};

// In nanoseconds, over all streams of a run.
struct Lateness {
  Histogram from_request;
  Histogram from_first;
  Histogram first_token;  // from the request to the first token: time, not lateness
};

enum class StreamFailure {
  None,
  Connect,     // no connection
  Status,      // not a 200
  Broken,      // not HTTP, or bad chunking
  CutOff,      // the connection ended before the reply did
  NoDone,      // the reply ended without [DONE]
  AfterDone,   // something came behind [DONE]
  ErrorEvent,  // an error inside the stream
  WrongCount,  // tokens came that usage does not count, or fewer than it counts
  Timeout,
};
inline constexpr int kStreamFailures = 10;
std::string_view name_of(StreamFailure failure);  // "cut-off"

class ChatStream {
 public:
  // Lateness goes to `lateness`, which outlives the stream.
  ChatStream(const Schedule& schedule, TimePoint sent, Lateness& lateness)
      : schedule_(schedule), sent_(sent), lateness_(&lateness) {}

  // Takes what one read() gave at the moment `at`.
  void feed(std::string_view bytes, TimePoint at);
  // The connection ended by itself.
  void finish();
  void fail(StreamFailure failure);

  [[nodiscard]] bool is_over() const { return is_over_; }
  [[nodiscard]] StreamFailure failure() const { return failure_; }
  [[nodiscard]] std::int64_t tokens() const { return tokens_; }
  [[nodiscard]] std::int64_t counted_by_usage() const { return usage_; }  // -1: no usage came

 private:
  void take_event(std::string_view data, TimePoint at);
  void take_token(TimePoint at);
  void end();

  Schedule schedule_;
  TimePoint sent_;
  TimePoint first_{};
  Lateness* lateness_;
  HttpReplyReader http_;
  SseReader sse_;
  std::string event_;  // kept for its room
  std::int64_t tokens_ = 0;
  std::int64_t usage_ = -1;
  bool done_seen_ = false;
  bool is_over_ = false;
  StreamFailure failure_ = StreamFailure::None;
};

}  // namespace mimus::load
