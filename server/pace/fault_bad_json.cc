// bad_json:chunk=N: chunk N lacks its last brace.
#include "server/pace/fault_kinds.h"
#include "server/pace/frame_filter.h"

namespace mimus::server {
namespace {

void spoil(std::string& bytes) {
  if (const std::size_t brace = bytes.rfind('}'); brace != std::string::npos) bytes.erase(brace, 1);
}

class SpoiltFrames final : public FrameFilter {
 public:
  SpoiltFrames(Delivery& delivery, std::int64_t chunk) : FrameFilter(delivery), chunk_(chunk) {}

 private:
  void take(Frame frame, std::int64_t number) override {
    if (number == chunk_) spoil(frame.bytes);
    emit(std::move(frame));
  }

  std::int64_t chunk_;
};

}  // namespace

Delivery fault_bad_json(Delivery delivery, const FaultArgs& args, const FaultContext&) {
  const std::int64_t chunk = args.count("chunk", 1);
  if (delivery.frames) {
    delivery.frames = std::make_unique<SpoiltFrames>(delivery, chunk);
  } else if (chunk == 1) {
    spoil(delivery.body);
  }
  return delivery;
}

}  // namespace mimus::server
