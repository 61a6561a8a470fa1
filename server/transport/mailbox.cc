#include "server/transport/mailbox.h"

#include <utility>

namespace mimus::server {

void dispose(Delivery& delivery) {
  if (delivery.on_over) delivery.on_over({.client_left = true});
}

void Mailbox::respond(Address to, Delivery&& delivery) {
  if (owner_.load(std::memory_order_relaxed) == std::this_thread::get_id() && inline_to_ == to) {
    inline_to_.reset();
    inline_ = std::move(delivery);
    return;
  }
  Letter letter{to, std::move(delivery), -1};
  post(std::move(letter));
}

std::optional<Delivery> Mailbox::end_inline() {
  inline_to_.reset();
  return std::exchange(inline_, std::nullopt);
}

bool Mailbox::post(Letter letter) {
  {
    const std::lock_guard lock(mutex_);
    if (!is_closed_) {
      letters_.push_back(std::move(letter));
      if (letters_.size() == 1) notify_();
      return true;
    }
  }
  if (letter.delivery) dispose(*letter.delivery);
  return false;
}

std::vector<Letter> Mailbox::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(letters_, {});
}

std::vector<Letter> Mailbox::close() {
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
  return std::exchange(letters_, {});
}

}  // namespace mimus::server
