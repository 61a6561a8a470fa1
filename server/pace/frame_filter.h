// The base of faults in streams: passes frames on, changed, dropped, added, as they come. Internal to pace.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "server/delivery.h"

namespace mimus::server {

class FrameFilter : public FrameSource {
 public:
  // Of the frames of `delivery`, which has some; they are moved out of it.
  explicit FrameFilter(Delivery& delivery) : from_(std::move(delivery.frames)), ending_(delivery.ending) {}

  Pull next(Frame& frame) final;
  void on_ready(std::function<void()> wake) final { from_->on_ready(std::move(wake)); }
  [[nodiscard]] Ending ending(Ending) const final { return ending_; }

 protected:
  // A frame of the source, `number` from 1. What is to be sent is emitted; a frame that is not emitted is dropped.
  virtual void take(Frame frame, std::int64_t number) = 0;
  // The source has ended by itself.
  virtual void finish() {}

  void emit(Frame frame) { ready_.push_back(std::move(frame)); }
  // Nothing leaves behind what was emitted; the delivery ends in this way, or as it would have.
  void stop(Ending ending);
  void stop() { stop(ending_); }

 private:
  std::unique_ptr<FrameSource> from_;  // null once it has ended or was stopped
  std::vector<Frame> ready_;
  std::size_t sent_ = 0;  // of `ready_`
  std::int64_t taken_ = 0;
  Ending ending_;
};

// Whether the delivery is a stream of server-sent events.
bool is_event_stream(const Delivery& delivery);

}  // namespace mimus::server
