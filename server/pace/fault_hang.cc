// hang: before the head; after_chunks=N: behind N chunks. After all chunks there is nothing left to wait for, and the
// delivery ends as it would have.
#include "server/pace/fault_kinds.h"
#include "server/pace/frame_filter.h"
#include "server/pace/raw_head.h"

namespace mimus::server {
namespace {

constexpr Duration kNever = std::chrono::hours(24 * 365);

class HangingFrames final : public FrameFilter {
 public:
  HangingFrames(Delivery& delivery, std::int64_t chunks) : FrameFilter(delivery), chunks_(chunks) {}

 private:
  void take(Frame frame, std::int64_t number) override {
    if (number > chunks_) return stop(Ending::Hang);
    emit(std::move(frame));
  }

  std::int64_t chunks_;
};

}  // namespace

Delivery fault_hang(Delivery delivery, const FaultArgs& args, const FaultContext&) {
  if (!args.has("after_chunks")) {
    delivery.head_due = kNever;
    delivery.ending = Ending::Hang;
    return delivery;
  }
  const std::int64_t chunks = args.count("after_chunks", 0);
  if (delivery.frames) {
    delivery.frames = std::make_unique<HangingFrames>(delivery, chunks);
    delivery.ending = Ending::Hang;
  } else if (chunks == 0) {
    delivery.raw_head = raw_head(delivery, delivery.body.size());
    delivery.body.clear();
    delivery.ending = Ending::Hang;
  }
  return delivery;
}

}  // namespace mimus::server
