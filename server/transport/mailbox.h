// How other threads reach the thread that owns a connection: answers that come later, wake-ups of frame sources, new
// sockets. Outlives its owner: letters to a closed mailbox are disposed of, as the contract of Respond asks.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "server/delivery.h"

namespace mimus::server {

// One request of one connection. A connection that is gone, or is at another request, has another serial.
struct Address {
  std::uint32_t slot = 0;
  std::uint64_t serial = 0;
  bool operator==(const Address&) const = default;
};

struct Letter {
  Address to;
  std::optional<Delivery> delivery;  // none: the source has something
  int socket = -1;                   // a new connection, `to` means nothing
};

// Tells a Delivery that nobody will send it.
void dispose(Delivery& delivery);

class Mailbox {
 public:
  // `notify` wakes the owner; called from any thread, under the lock, until close().
  explicit Mailbox(std::function<void()> notify) : notify_(std::move(notify)) {}

  // Any thread. A socket that comes too late is handed back: false.
  void respond(Address to, Delivery&& delivery);
  void wake(Address to) { post({to, std::nullopt, -1}); }
  bool adopt(int socket) { return post({{}, std::nullopt, socket}); }

  // The owner's thread only. Between begin and end an answer to `to` is taken at once, without lock or wake-up.
  void set_owner() { owner_ = std::this_thread::get_id(); }
  void begin_inline(Address to) { inline_to_ = to; }
  std::optional<Delivery> end_inline();
  std::vector<Letter> take();
  // Hands back what is left; from here on nothing gets in.
  std::vector<Letter> close();

 private:
  bool post(Letter letter);

  std::function<void()> notify_;
  std::mutex mutex_;
  std::vector<Letter> letters_;
  bool is_closed_ = false;
  std::atomic<std::thread::id> owner_{};
  std::optional<Address> inline_to_;  // the owner's
  std::optional<Delivery> inline_;    // the owner's
};

}  // namespace mimus::server
