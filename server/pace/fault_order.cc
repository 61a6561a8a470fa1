// drop, duplicate, swap: chunk N is missing, comes twice, or changes places with the one behind it.
#include <optional>

#include "server/pace/fault_kinds.h"
#include "server/pace/frame_filter.h"

namespace mimus::server {
namespace {

// Sends chunk N this many times.
class RepeatedFrames final : public FrameFilter {
 public:
  RepeatedFrames(Delivery& delivery, std::int64_t chunk, int times)
      : FrameFilter(delivery), chunk_(chunk), times_(times) {}

 private:
  void take(Frame frame, std::int64_t number) override {
    const int times = number == chunk_ ? times_ : 1;
    for (int i = 0; i < times; ++i) emit(frame);
  }

  std::int64_t chunk_;
  int times_;
};

class SwappedFrames final : public FrameFilter {
 public:
  SwappedFrames(Delivery& delivery, std::int64_t chunk) : FrameFilter(delivery), chunk_(chunk) {}

 private:
  void take(Frame frame, std::int64_t number) override {
    if (number == chunk_) {
      held_ = std::move(frame);
      return;
    }
    const Duration due = frame.due;
    emit(std::move(frame));
    release(due);
  }
  void finish() override { release(Duration(0)); }

  void release(Duration earliest) {
    if (!held_) return;
    held_->due = std::max(held_->due, earliest);
    emit(std::move(*held_));
    held_.reset();
  }

  std::int64_t chunk_;
  std::optional<Frame> held_;
};

Delivery repeated(Delivery delivery, const FaultArgs& args, int times) {
  if (delivery.frames) delivery.frames = std::make_unique<RepeatedFrames>(delivery, args.count("chunk", 1), times);
  return delivery;
}

}  // namespace

Delivery fault_drop(Delivery delivery, const FaultArgs& args, const FaultContext&) {
  return repeated(std::move(delivery), args, 0);
}

Delivery fault_duplicate(Delivery delivery, const FaultArgs& args, const FaultContext&) {
  return repeated(std::move(delivery), args, 2);
}

Delivery fault_swap(Delivery delivery, const FaultArgs& args, const FaultContext&) {
  if (delivery.frames) delivery.frames = std::make_unique<SwappedFrames>(delivery, args.count("chunk", 1));
  return delivery;
}

}  // namespace mimus::server
