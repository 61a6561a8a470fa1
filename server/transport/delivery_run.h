// One Delivery on its way out: turns it, as its frames fall due, into the bytes of the connection.
// Knows no socket: both executors drive it. Used by one thread at a time.
#pragma once

#include <functional>
#include <string>

#include "server/delivery.h"
#include "server/transport/response_head.h"

namespace mimus::server {

class DeliveryRun {
 public:
  enum class Step {
    Due,   // nothing more until due()
    Wait,  // nothing more until the source wakes us
    Full,  // `out` holds as much as it may; call again when there is room
    Over,  // everything is out; see ending()
  };

  // `received`: when the request was complete. `stays_open`: the server is willing to keep the connection.
  DeliveryRun(Delivery&& delivery, const RequestTraits& request, MonotonicTime received, bool stays_open, bool cors)
      : delivery_(std::move(delivery)), received_(received), request_(request), stays_open_(stays_open), cors_(cors) {}

  [[nodiscard]] bool has_source() const { return delivery_.frames != nullptr; }
  // Before the first advance(), and only if there is a source: whom it may wake, from any thread.
  void on_ready(std::function<void()> wake) { delivery_.frames->on_ready(std::move(wake)); }
  std::function<void(const DeliveryOutcome&)> take_on_over() { return std::move(delivery_.on_over); }

  // Appends to `out` what is due at `now`. Stops once it has appended `room` bytes or more; a frame is never split.
  // `spare`: any frame; others are made in its memory.
  Step advance(MonotonicTime now, std::string& out, std::size_t room, Frame& spare);

  // Nobody wants the rest: frees what it was made from.
  void drop_source() { delivery_.frames.reset(); }

  [[nodiscard]] MonotonicTime due() const { return due_; }

  // Once over:
  [[nodiscard]] Ending ending() const { return delivery_.ending; }
  [[nodiscard]] bool keeps_connection() const { return head_.keep_alive; }

 private:
  void send_head(std::string& out);
  void send_frame(const Frame& frame, std::string& out) const;

  Delivery delivery_;
  Frame frame_;  // pulled ahead for its due time, where the source does not tell that beforehand
  MonotonicTime received_;
  MonotonicTime due_{};
  RequestTraits request_;
  HeadPlan head_;
  bool stays_open_;
  bool cors_;
  bool head_is_out_ = false;
  bool has_frame_ = false;
};

}  // namespace mimus::server
