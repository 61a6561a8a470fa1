// One connection of a reactor: data only, the reactor acts on it. Small, since there may be ten thousand.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/transport/delivery_run.h"
#include "server/transport/request_scanner.h"
#include "server/transport/timer_heap.h"

namespace mimus::server {

// A Delivery some of whose bytes may not have reached the socket yet; offsets count from the connection's first byte.
struct Unsettled {
  std::function<void(const DeliveryOutcome&)> on_over;
  std::uint64_t begin = 0;
  std::uint64_t end = kOpen;  // kOpen: more will come
  MonotonicTime received{};
  Duration first_byte{-1};
  std::optional<Ending> ending;  // once all of it is produced
  static constexpr std::uint64_t kOpen = ~std::uint64_t{0};
};

// What each frame of a stream needs stands first: ten thousand connections are not in the cache.
struct Connection {
  enum class Phase : std::uint8_t {
    Open,      // reads requests
    Awaiting,  // the handler has one and has not answered
    Sending,   // `run` is under way
    Hanging,   // Ending::Hang
    Parting,   // no more is produced; closes once `out` is empty
    Draining,  // FIN is sent; what still comes is thrown away, so that the client reads all before it sees the end
    Dead,      // closed; freed at the end of the turn
  };
  enum class Deadline : std::uint8_t { None, Idle, Head, Body, Write, Drain, Hang };

  int socket = -1;
  std::uint32_t slot = 0;      // and of its timer: when it goes on by itself
  std::uint32_t interest = 0;  // what epoll watches
  Phase phase = Phase::Open;
  Deadline deadline_of = Deadline::None;
  bool is_full = false;         // the run, or the next request, waits for room in `out`
  bool is_posted = false;       // in the reactor's list of this turn
  bool is_reset = false;        // part with RST
  bool is_half_closed = false;  // after FIN, wait for the client as long as one that hangs
  bool saw_end = false;         // the client sent FIN
  std::unique_ptr<DeliveryRun> run;
  std::string out;  // not taken by the kernel yet, from `out_sent` on
  std::size_t out_sent = 0;
  std::uint64_t queued = 0;          // bytes ever produced
  std::uint64_t sent = 0;            // bytes the kernel took
  std::vector<Unsettled> unsettled;  // in order
  std::string in;                    // received and not understood yet
  std::uint64_t serial = 0;          // of the request under way
  MonotonicTime received{};          // when it was complete
  MonotonicTime deadline{};
  RequestTraits traits;
  std::string remote;
  RequestScanner scanner;
  std::unique_ptr<std::function<void()>> on_left;  // while Awaiting, see HttpRequest::left; mostly none

  [[nodiscard]] std::size_t pending() const { return out.size() - out_sent; }
};

}  // namespace mimus::server
