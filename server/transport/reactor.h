// One thread, one epoll, many connections: reads requests, has them answered, and sends each Delivery as it falls due.
// Linux only. All but adopt(), stop() and the counters belongs to the reactor's own thread; nothing in it blocks.
//
// A turn: wait; read and answer what came; take letters; let due runs go on (at most 128, then look again); sweep
// deadlines now and then; send what all this has made; free the dead. Level-triggered: what a turn leaves, the next one
// sees.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "server/transport/connection.h"
#include "server/transport/front.h"
#include "server/transport/mailbox.h"
#include "server/transport/shared_state.h"

struct epoll_event;

namespace mimus::server {

class Reactor {
 public:
  // `process` runs one request through httplib (see pass()).
  static Result<std::unique_ptr<Reactor>> start(Shared& shared, std::function<bool(httplib::Stream&)> process);
  ~Reactor();

  // A connected socket; owned from here on. Any thread.
  void adopt(int socket);
  // Ends the loop: idle connections at once, the others when their reply is out or `deadline` has passed. Any thread;
  // join() waits for it.
  void stop(MonotonicTime deadline);
  void join();

  [[nodiscard]] std::uint64_t requests() const { return requests_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t bytes_out() const { return bytes_out_.load(std::memory_order_relaxed); }

 private:
  using Phase = Connection::Phase;

  Reactor(Shared& shared, std::function<bool(httplib::Stream&)> process, int epoll, int wakeup);

  // reactor.cc: the loop and the life of connections
  void loop();
  void wait();
  int wait_for_events(std::span<epoll_event> events, std::optional<MonotonicTime::duration> left);
  void take_letters();
  void deliver(Letter letter);
  void run_due();
  void sweep();
  void expire(Connection& c);
  bool is_finished();
  void open(int socket);
  void close(Connection& c);
  void abandon(Connection& c, bool client_left);
  void bury();
  void watch(Connection& c, std::uint32_t interest);
  void arm(Connection& c);
  void disarm(Connection& c) { c.deadline_of = Connection::Deadline::None; }

  // reactor_input.cc: from bytes to answers
  void on_event(Connection& c, std::uint32_t events);
  void readable(Connection& c);
  void see_end(Connection& c);
  void store(Connection& c, std::string_view bytes);
  std::size_t understand(Connection& c, std::string_view bytes, MonotonicTime received);
  void resume(Connection& c, MonotonicTime received);
  void serve(Connection& c, std::string_view bytes, MonotonicTime received);
  void refuse(Connection& c, int status, std::string_view reason);

  // reactor_output.cc: from answers to bytes
  void begin(Connection& c, Delivery delivery, bool stays_open);
  bool advance(Connection& c, DeliveryRun& run);
  void finish(Connection& c, const DeliveryRun& run);
  void go_on(Connection& c);
  void flush(Connection& c);
  void send_posted();
  void after_sending(Connection& c);
  void transmit(Connection& c);
  std::string take_spare();
  void keep_spare(std::string used);
  void writable(Connection& c);
  void settle(Connection& c);
  void part(Connection& c);
  void reset(Connection& c);

  Shared& shared_;
  std::function<bool(httplib::Stream&)> process_;
  AcceptedLines accepted_;
  int epoll_;
  int wakeup_;                        // eventfd
  bool has_fine_wait_ = true;         // epoll_pwait2 works here
  std::shared_ptr<Mailbox> mailbox_;  // shared with every Respond that is still out
  TimerHeap timers_;
  std::vector<std::unique_ptr<Connection>> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::vector<std::uint32_t> dead_;
  std::vector<char> buffer_;         // what was just read
  std::string batch_;                // what is being made: of one connection at a time
  std::vector<Connection*> posted_;  // to be sent, or looked after, at the end of the turn
  std::vector<std::string> spares_;
  Frame spare_frame_;
  HttpRequest request_;            // reused, for its capacity
  std::function<void()> on_left_;  // what its handler leaves there
  std::uint64_t serial_ = 0;
  MonotonicTime now_{};
  MonotonicTime next_sweep_{};
  std::chrono::milliseconds sweep_interval_{1000};
  std::atomic<MonotonicTime::rep> stop_at_{0};  // 0: runs on
  std::atomic<std::uint64_t> requests_{0};
  std::atomic<std::uint64_t> bytes_out_{0};
  std::thread thread_;
};

// More than this is not produced while the client does not read, nor kept of requests sent ahead.
inline constexpr std::size_t kHighWater = 64 * 1024;
// So many connections may wait for the end of a turn.
inline constexpr std::size_t kMostPosted = 32;

}  // namespace mimus::server
