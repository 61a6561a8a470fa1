// slow:bytes_per_second=N: the body in pieces of a twentieth of a second, each as long after the other as its bytes
// take.
#include <algorithm>

#include "server/pace/fault_kinds.h"
#include "server/pace/raw_head.h"

namespace mimus::server {
namespace {

// Not a FrameFilter: it must not hold the pieces of a large frame all at once.
class SlowFrames final : public FrameSource {
 public:
  SlowFrames(std::unique_ptr<FrameSource> from, std::int64_t rate)
      : from_(std::move(from)), rate_(rate), piece_(static_cast<std::size_t>(std::max<std::int64_t>(1, rate / 20))) {}

  Pull next(Frame& frame) override {
    while (sent_ == whole_.bytes.size()) {
      sent_ = 0;
      whole_ = {};
      const Pull pull = from_->next(whole_);
      if (pull != Pull::Ready) return pull;
    }
    frame.bytes = whole_.bytes.substr(sent_, piece_);
    sent_ += frame.bytes.size();
    if (whole_.due > free_ + spent()) {
      free_ = whole_.due;
      since_free_ = 0;
    }
    // Counted from the last time there was nothing to send, so that rounding does not add up.
    frame.due = free_ + spent();
    since_free_ += static_cast<std::int64_t>(frame.bytes.size());
    if (sent_ == whole_.bytes.size()) settle();
    return Pull::Ready;
  }
  void on_ready(std::function<void()> wake) override { from_->on_ready(std::move(wake)); }
  [[nodiscard]] Ending ending(Ending planned) const override { return from_->ending(planned); }

 private:
  [[nodiscard]] Duration spent() const { return Duration(since_free_ * 1'000'000 / rate_); }

  // Whole seconds are moved over, so that the product above stays small.
  void settle() {
    const std::int64_t seconds = since_free_ / rate_;
    free_ += std::chrono::seconds(seconds);
    since_free_ -= seconds * rate_;
  }

  std::unique_ptr<FrameSource> from_;
  std::int64_t rate_;
  std::size_t piece_;
  Frame whole_;
  std::size_t sent_ = 0;         // of whole_
  Duration free_{0};             // when the line was free last
  std::int64_t since_free_ = 0;  // bytes since then
};

}  // namespace

Delivery fault_slow(Delivery delivery, const FaultArgs& args, const FaultContext&) {
  if (!delivery.frames) {
    if (delivery.body.empty()) return delivery;
    delivery.raw_head = raw_head(delivery, delivery.body.size());
    std::vector<Frame> whole(1);
    whole[0] = {std::move(delivery.body), delivery.head_due};
    delivery.body.clear();
    delivery.frames = std::make_unique<FixedFrames>(std::move(whole));
  }
  delivery.frames = std::make_unique<SlowFrames>(std::move(delivery.frames), args.count("bytes_per_second", 1));
  return delivery;
}

}  // namespace mimus::server
