// What one thread of a run does: it opens its share of the streams when they are due, reads them on an epoll of its own
// and counts. It shares nothing with the other threads but the number of open streams, and no lock.
#pragma once

#include <netinet/in.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "api/result.h"
#include "benchmarks/load/chat_stream.h"
#include "benchmarks/load/descriptor.h"
#include "benchmarks/load/load_run.h"

namespace mimus::load {

// How many streams are open, over all threads. Thread-safe; touched when a stream opens or ends, never for a token.
class OpenStreams {
 public:
  void opened() {
    const int open = open_.fetch_add(1, std::memory_order_relaxed) + 1;
    int most = most_.load(std::memory_order_relaxed);
    while (most < open && !most_.compare_exchange_weak(most, open, std::memory_order_relaxed)) {
    }
  }
  void ended() { open_.fetch_sub(1, std::memory_order_relaxed); }

  // That ever were open at one time.
  [[nodiscard]] int most() const { return most_.load(std::memory_order_relaxed); }
  // As many as ever are open right now, and that is not none.
  [[nodiscard]] bool are_most() const {
    const int most = most_.load(std::memory_order_acquire);  // first: both may be growing
    return most > 0 && open_.load(std::memory_order_relaxed) >= most;
  }

 private:
  std::atomic<int> open_{0};
  std::atomic<int> most_{0};
};

// The streams `first`, `first + step`, `first + 2 * step` ... of the plan.
struct LoadShare {
  int first = 0;
  int step = 1;
};

// On cache lines of its own: what a thread counts for each token must not slow down its neighbour.
class alignas(64) LoadThread {
 public:
  // `plan` and `open` outlive it. What is costly to set up is set up here, before the run begins.
  LoadThread(const LoadPlan& plan, const sockaddr_in& server, LoadShare share, OpenStreams& open);

  // Stream i starts at `begin + i * ramp / streams`. Returns when all streams of the share have ended, at the latest at
  // `begin + timeout`; those of whole streams stay connected until the LoadThread ends. Errc::Io: epoll failed.
  // Once only.
  Result<LoadTally> run(TimePoint begin);

 private:
  struct Connection {
    Descriptor socket;
    std::size_t written = 0;             // of the request
    std::unique_ptr<ChatStream> stream;  // from the moment the request is out
    bool is_done = false;                // the stream was whole; the socket stays open
  };

  [[nodiscard]] bool has_started_all() const { return started_ == connections_.size(); }
  [[nodiscard]] TimePoint next_start() const;
  void start_due();
  void open(Connection& c);
  void write_request(Connection& c);
  void read_reply(Connection& c);
  void end(Connection& c, StreamFailure failure);
  bool wait();

  const LoadPlan& plan_;
  const sockaddr_in server_;
  const LoadShare share_;
  OpenStreams& all_open_;
  const std::string request_;
  Descriptor epoll_;
  std::vector<char> buffer_;
  std::vector<Connection> connections_;
  LoadTally tally_;
  TimePoint begin_{};
  TimePoint looked_{};  // for what came
  std::size_t started_ = 0;
  int open_ = 0;
};

}  // namespace mimus::load
