#include "server/record/relayed_frames.h"

namespace mimus::server {

void RelayedFrames::push(std::string bytes) {
  std::function<void()> wake;
  {
    std::unique_lock lock(mutex_);
    has_room_.wait(lock, [this] { return pending_bytes_ < kMostPending || is_cancelled_; });
    if (is_cancelled_) return;
    pending_bytes_ += bytes.size();
    pending_.push_back(std::move(bytes));
    wake = wake_;
  }
  if (wake) wake();
}

void RelayedFrames::finish(Ending ending) {
  std::function<void()> wake;
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
    ending_ = ending;
    wake = wake_;
  }
  if (wake) wake();
}

FrameSource::Pull RelayedFrames::take(Frame& frame) {
  const std::lock_guard lock(mutex_);
  if (pending_.empty()) return is_over_ ? FrameSource::Pull::End : FrameSource::Pull::Wait;
  frame.bytes = std::move(pending_.front());
  frame.due = Duration(0);
  pending_.pop_front();
  pending_bytes_ -= frame.bytes.size();
  has_room_.notify_one();
  return FrameSource::Pull::Ready;
}

void RelayedFrames::on_ready(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

Ending RelayedFrames::ending() const {
  const std::lock_guard lock(mutex_);
  return ending_;
}

void RelayedFrames::cancel() {
  {
    const std::lock_guard lock(mutex_);
    is_cancelled_ = true;
    wake_ = nullptr;
  }
  has_room_.notify_one();
  cancelled_.wake();
}

}  // namespace mimus::server
