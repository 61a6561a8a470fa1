// The requests that a server was sent, the latest ones: a ring with a cap in entries and one in bytes. An entry is
// there before the first byte of its reply leaves, and learns how the reply ended when it did. Thread-safe; what it
// costs a request is one copy of its text and two short locks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "api/brief_mutex.h"
#include "server/journal/entry.h"

namespace mimus::server {

struct JournalCaps {
  std::size_t entries = 10'000;  // 0: no journal is kept
  std::size_t bytes = 32 * 1024 * 1024;
  std::size_t body = 256 * 1024;  // of one request
};

class Journal {
 public:
  struct Size {
    std::size_t entries = 0;
    std::size_t bytes = 0;
    std::size_t open = 0;            // entries whose reply is still leaving
    std::uint64_t evicted = 0;       // that made room for others, since the last forget()
    std::uint64_t last_evicted = 0;  // the highest id of them; 0: none
    std::uint64_t last_id = 0;       // given out so far
  };

  // Somebody who wants to hear of each entry as soon as its reply has ended.
  struct Listener {
    std::deque<Record> waiting;  // at most kMostWaiting
    std::uint64_t lost = 0;      // beyond that, since last told
    bool is_over = false;        // there will be no more
    std::function<void()> wake;
  };
  static constexpr std::size_t kMostWaiting = 1000;

  explicit Journal(JournalCaps caps) : caps_(caps) {}
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  [[nodiscard]] const JournalCaps& caps() const { return caps_; }

  // Takes an entry in and gives it its id; 0 when no journal is kept, or it is larger than the whole journal may be.
  std::uint64_t open(std::shared_ptr<Entry> entry);
  // What became of its reply; nothing happens when the entry is gone by then.
  void close(std::uint64_t id, const ReplyFate& fate);

  [[nodiscard]] std::vector<Record> records() const;  // the oldest first
  [[nodiscard]] std::optional<Record> find(std::uint64_t id) const;
  [[nodiscard]] Size size() const;

  void forget();
  void forget(const std::function<bool(const Entry&)>& is_to_go);

  // A listener is told of what ends from now on; `wake` is called, from any thread, when it has something to take.
  std::shared_ptr<Listener> listen();  // shared: it is written here and read by its owner, under the journal's lock
  void set_wake(Listener& listener, std::function<void()> wake);
  enum class Taken { Record, Nothing, Over };
  Taken take(Listener& listener, Record& record, std::uint64_t& lost);
  void leave(const std::shared_ptr<Listener>& listener);
  // Ends all listening: the server is about to stop.
  void end_listening();

 private:
  using Evicted = std::vector<std::shared_ptr<const Entry>>;

  // All under mutex_.
  [[nodiscard]] std::size_t place_of(std::uint64_t id) const;  // records_.size(): it is gone
  void make_room(std::size_t bytes, Evicted& evicted);
  void tell(const Record& record, std::vector<std::function<void()>>& wakes);

  const JournalCaps caps_;
  mutable BriefMutex mutex_;
  std::deque<Record> records_;  // in the order of their ids
  Size size_;
  std::vector<std::shared_ptr<Listener>> listeners_;
  bool is_over_ = false;
};

}  // namespace mimus::server
