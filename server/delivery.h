// How a reply leaves: status, headers, and either one body or frames with their due times, and how it ends.
// Stages build and transform Deliveries; the transport only executes them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/header.h"
#include "server/clock.h"

namespace mimus::server {

// A piece of a streamed body, sent in one write where the socket allows it.
struct Frame {
  std::string bytes;
  Duration due{0};  // since the request was complete; never before the frame ahead of it
};

// What the connection sees once the last byte of a Delivery is out.
enum class Ending {
  Clean,      // the body is complete, the connection may be used again
  Close,      // complete, then closed
  Cut,        // a streamed body is not terminated, then FIN
  Reset,      // not terminated, then RST
  Hang,       // not terminated, and the connection stays open until the client gives up or a deadline passes
  HalfClose,  // not terminated, then FIN, but the other direction stays open until the client closes it or a deadline
              // passes: what the client still sends is read and thrown away
};

// Yields the frames of one streamed body, one by one, so that an open stream holds its reply and not its encoding.
// Used by one thread at a time; only `wake` may be called from any.
class FrameSource {
 public:
  enum class Pull {
    Ready,  // `frame` holds the next one
    End,    // there are no more
    Wait,   // none yet: ask again after the callback of on_ready was called
  };
  virtual ~FrameSource() = default;
  virtual Pull next(Frame& frame) = 0;
  // When the next frame is due, where that is known before it is made: it is then made in time, not ahead.
  [[nodiscard]] virtual std::optional<Duration> next_due() { return std::nullopt; }
  // For sources that wait on something outside (a live log, an upstream). Called once before the first next().
  virtual void on_ready(std::function<void()> wake) { (void)wake; }
  // Asked after End: how the delivery ends, where that depends on how far the source came; else as it was planned.
  [[nodiscard]] virtual Ending ending(Ending planned) const { return planned; }
};

struct DeliveryOutcome {
  std::uint64_t bytes = 0;  // of head and body, as written to the socket
  Duration first_byte{0};   // since the request was complete
  Duration last_byte{0};
  bool client_left = false;      // the client closed before the end
  std::optional<Ending> ending;  // how it ended; nothing: it did not come to its end
};

struct Delivery {
  int status = 200;
  std::vector<Header> headers;     // without Content-Length, Transfer-Encoding and Connection: the transport's own
  std::span<const Header> common;  // leave behind `headers`, but those named there; clean, must outlive the delivery
  std::string body;                // of a whole reply
  std::unique_ptr<FrameSource> frames;  // of a streamed one; then `body` is not used
  Duration head_due{0};                 // when the head leaves (of a whole reply: head and body)
  Ending ending = Ending::Clean;
  std::string raw_head;  // faults only: sent instead of a head made from status and headers
  // Called once, by the executor's thread, when the delivery is over in whatever way. Must not block.
  std::function<void(const DeliveryOutcome&)> on_over;
};

// Among its own headers, not the common ones.
bool has_header(const Delivery& delivery, std::string_view name);

// Frames that are all known beforehand.
class FixedFrames final : public FrameSource {
 public:
  explicit FixedFrames(std::vector<Frame> frames) : frames_(std::move(frames)) {}
  Pull next(Frame& frame) override {
    if (next_ == frames_.size()) return Pull::End;
    frame = std::move(frames_[next_++]);
    return Pull::Ready;
  }

 private:
  std::vector<Frame> frames_;
  std::size_t next_ = 0;
};

// All frames of a source that never waits: for tests, and for stages that need to see the whole.
std::vector<Frame> collect(FrameSource& source);

}  // namespace mimus::server
