#include "server/transport/delivery_run.h"

#include <charconv>
#include <utility>

namespace mimus::server {

DeliveryRun::Step DeliveryRun::advance(MonotonicTime now, std::string& out, std::size_t room, Frame& spare) {
  const std::size_t end = out.size() + room;
  if (!head_is_out_) {
    due_ = received_ + delivery_.head_due;
    if (now < due_) return Step::Due;
    if (room == 0) return Step::Full;
    send_head(out);
  }
  while (delivery_.frames && head_.framing != BodyFraming::None) {
    if (out.size() >= end) return Step::Full;
    if (!has_frame_) {
      if (const auto due = delivery_.frames->next_due(); due && now < received_ + *due) {
        due_ = received_ + *due;
        return Step::Due;
      }
      spare.bytes.clear();
      spare.due = Duration(0);
      const FrameSource::Pull pull = delivery_.frames->next(spare);
      if (pull == FrameSource::Pull::Wait) return Step::Wait;
      if (pull == FrameSource::Pull::End) {
        delivery_.ending = delivery_.frames->ending(delivery_.ending);
        break;
      }
      due_ = received_ + spare.due;
      if (now >= due_) {
        send_frame(spare, out);
        continue;
      }
      frame_ = std::exchange(spare, {});
      has_frame_ = true;
    }
    if (now < due_) return Step::Due;
    send_frame(frame_, out);
    frame_ = {};
    has_frame_ = false;
  }
  const bool is_terminated = delivery_.ending == Ending::Clean || delivery_.ending == Ending::Close;
  if (delivery_.frames && head_.framing == BodyFraming::Chunked && is_terminated) out.append("0\r\n\r\n");
  delivery_.frames.reset();
  return Step::Over;
}

void DeliveryRun::send_head(std::string& out) {
  head_is_out_ = true;
  head_ = encode_head(delivery_, request_, stays_open_, cors_, out);
  if (!delivery_.frames && head_.framing != BodyFraming::None) out.append(delivery_.body);
  delivery_.headers = std::vector<Header>();  // a stream may stay open for long, and {} would keep the memory
}

void DeliveryRun::send_frame(const Frame& frame, std::string& out) const {
  if (frame.bytes.empty()) return;  // an empty chunk would be the last one
  if (head_.framing == BodyFraming::Chunked) {
    char size[16];
    out.append(size, std::to_chars(size, size + sizeof size, frame.bytes.size(), 16).ptr);
    out.append("\r\n").append(frame.bytes).append("\r\n");
  } else {
    out.append(frame.bytes);
  }
}

}  // namespace mimus::server
