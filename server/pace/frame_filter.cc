#include "server/pace/frame_filter.h"

#include <string_view>

namespace mimus::server {

FrameSource::Pull FrameFilter::next(Frame& frame) {
  while (sent_ == ready_.size()) {
    if (!from_) return Pull::End;
    ready_.clear();
    sent_ = 0;
    Frame fresh;
    switch (from_->next(fresh)) {
      case Pull::Wait:
        return Pull::Wait;
      case Pull::Ready:
        take(std::move(fresh), ++taken_);
        break;
      case Pull::End:
        ending_ = from_->ending(ending_);
        from_.reset();
        finish();
    }
  }
  frame = std::move(ready_[sent_++]);
  return Pull::Ready;
}

void FrameFilter::stop(Ending ending) {
  ending_ = ending;
  from_.reset();
}

bool is_event_stream(const Delivery& delivery) {
  if (!delivery.frames) return false;
  for (const Header& header : delivery.headers) {
    if (equal_ignoring_case(header.name, "content-type")) return header.value.starts_with("text/event-stream");
  }
  return false;
}

}  // namespace mimus::server
