// no_done, double_done: the terminator of chat streams is missing, or comes twice.
#include "server/pace/fault_kinds.h"
#include "server/pace/frame_filter.h"

namespace mimus::server {
namespace {

class DoneFrames final : public FrameFilter {
 public:
  DoneFrames(Delivery& delivery, int times) : FrameFilter(delivery), times_(times) {}

 private:
  void take(Frame frame, std::int64_t) override {
    const int times = frame.bytes.starts_with("data: [DONE]") ? times_ : 1;
    for (int i = 0; i < times; ++i) emit(frame);
  }

  int times_;
};

Delivery with_done(Delivery delivery, int times) {
  if (delivery.frames) delivery.frames = std::make_unique<DoneFrames>(delivery, times);
  return delivery;
}

}  // namespace

Delivery fault_no_done(Delivery delivery, const FaultArgs&, const FaultContext&) {
  return with_done(std::move(delivery), 0);
}

Delivery fault_double_done(Delivery delivery, const FaultArgs&, const FaultContext&) {
  return with_done(std::move(delivery), 2);
}

}  // namespace mimus::server
