// error_event:after_chunks=N (default 1): the chunk behind N becomes an event that reports an error, and the stream
// ends there, without a terminator but properly closed. Source: recorded streams of OpenAI's API.
#include "server/pace/fault_kinds.h"
#include "server/pace/frame_filter.h"

namespace mimus::server {
namespace {

class FailingFrames final : public FrameFilter {
 public:
  FailingFrames(Delivery& delivery, std::int64_t chunks, std::function<std::string(std::int64_t)> error_event)
      : FrameFilter(delivery), chunks_(chunks), error_event_(std::move(error_event)) {}

 private:
  void take(Frame frame, std::int64_t number) override {
    if (number <= chunks_) return emit(std::move(frame));
    frame.bytes = error_event_ ? error_event_(chunks_) : std::string();
    if (!frame.bytes.empty()) emit(std::move(frame));
    stop();
  }

  std::int64_t chunks_;
  std::function<std::string(std::int64_t)> error_event_;
};

}  // namespace

Delivery fault_error_event(Delivery delivery, const FaultArgs& args, const FaultContext& context) {
  if (!is_event_stream(delivery)) return delivery;
  delivery.frames = std::make_unique<FailingFrames>(delivery, args.count("after_chunks", 1), context.error_event);
  return delivery;
}

}  // namespace mimus::server
