// The bridge between the thread that hears the real API and the transport that tells the client.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "server/delivery.h"
#include "server/transport/wake_pipe.h"

namespace mimus::server {

// One exchange under way: what has arrived and has not been taken yet, and whether anybody still wants it. Thread-safe.
class RelayedFrames {
 public:
  // The hearing side. push() waits while the client is too slow; both are for nothing once it is cancelled.
  void push(std::string bytes);
  void finish(Ending ending);
  // Readable once it is cancelled.
  [[nodiscard]] const WakePipe& cancelled() const { return cancelled_; }

  // The telling side; cancel() is for any thread.
  FrameSource::Pull take(Frame& frame);
  void on_ready(std::function<void()> wake);
  [[nodiscard]] Ending ending() const;
  void cancel();

 private:
  static constexpr std::size_t kMostPending = 1024 * 1024;  // bytes; beyond it the real API has to wait

  mutable std::mutex mutex_;
  std::condition_variable has_room_;
  std::deque<std::string> pending_;
  std::size_t pending_bytes_ = 0;
  bool is_over_ = false;
  bool is_cancelled_ = false;
  Ending ending_ = Ending::Clean;
  std::function<void()> wake_;
  WakePipe cancelled_;
};

// What a Delivery gets: frames that are due as soon as they are there. When it is dropped, nobody wants the rest.
class RelaySource final : public FrameSource {
 public:
  explicit RelaySource(std::shared_ptr<RelayedFrames> frames) : frames_(std::move(frames)) {}
  ~RelaySource() override { frames_->cancel(); }
  RelaySource(const RelaySource&) = delete;
  RelaySource& operator=(const RelaySource&) = delete;

  Pull next(Frame& frame) override { return frames_->take(frame); }
  void on_ready(std::function<void()> wake) override { frames_->on_ready(std::move(wake)); }
  [[nodiscard]] Ending ending(Ending) const override { return frames_->ending(); }

 private:
  std::shared_ptr<RelayedFrames> frames_;  // shared with the hearing thread, which may outlive the client
};

}  // namespace mimus::server
