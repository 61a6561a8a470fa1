#include "server/journal/journal.h"

#include <algorithm>
#include <utility>

namespace mimus::server {

std::uint64_t Journal::open(std::shared_ptr<Entry> entry) {
  if (caps_.entries == 0) return 0;
  Evicted evicted;  // freed behind the lock
  const std::lock_guard lock(mutex_);
  const std::size_t bytes = entry->bytes();
  entry->id = ++size_.last_id;
  if (bytes > caps_.bytes) {  // it would not fit if it were alone
    ++size_.evicted;
    size_.last_evicted = entry->id;
    return 0;
  }
  make_room(bytes, evicted);
  ++size_.entries;
  ++size_.open;
  size_.bytes += bytes;
  records_.push_back({std::move(entry), {}});
  return size_.last_id;
}

void Journal::make_room(std::size_t bytes, Evicted& evicted) {
  while (!records_.empty() && (size_.entries >= caps_.entries || size_.bytes + bytes > caps_.bytes)) {
    Record& oldest = records_.front();
    --size_.entries;
    size_.bytes -= oldest.entry->bytes();
    if (oldest.fate.ended == Ended::Open) --size_.open;
    ++size_.evicted;
    size_.last_evicted = std::max(size_.last_evicted, oldest.entry->id);
    evicted.push_back(std::move(oldest.entry));
    records_.pop_front();
  }
}

// Nearly always the ids have no gaps, and the place follows from the id.
std::size_t Journal::place_of(std::uint64_t id) const {
  if (records_.empty() || id < records_.front().entry->id) return records_.size();
  const std::uint64_t guess = id - records_.front().entry->id;
  if (guess < records_.size() && records_[guess].entry->id == id) return guess;
  const auto found =
      std::lower_bound(records_.begin(), records_.end(), id,
                       [](const Record& record, std::uint64_t wanted) { return record.entry->id < wanted; });
  const bool is_there = found != records_.end() && found->entry->id == id;
  return is_there ? static_cast<std::size_t>(found - records_.begin()) : records_.size();
}

void Journal::close(std::uint64_t id, const ReplyFate& fate) {
  std::vector<std::function<void()>> wakes;
  {
    const std::lock_guard lock(mutex_);
    const std::size_t place = place_of(id);
    if (place == records_.size() || records_[place].fate.ended != Ended::Open) return;
    records_[place].fate = fate;
    --size_.open;
    if (!listeners_.empty()) tell(records_[place], wakes);
  }
  for (const auto& wake : wakes) wake();
}

void Journal::tell(const Record& record, std::vector<std::function<void()>>& wakes) {
  for (const auto& listener : listeners_) {
    if (listener->waiting.size() >= kMostWaiting) {
      ++listener->lost;
      continue;
    }
    listener->waiting.push_back(record);
    if (listener->wake) wakes.push_back(listener->wake);
  }
}

std::vector<Record> Journal::records() const {
  const std::lock_guard lock(mutex_);
  return {records_.begin(), records_.end()};
}

std::optional<Record> Journal::find(std::uint64_t id) const {
  const std::lock_guard lock(mutex_);
  const std::size_t place = place_of(id);
  return place == records_.size() ? std::nullopt : std::optional(records_[place]);
}

Journal::Size Journal::size() const {
  const std::lock_guard lock(mutex_);
  return size_;
}

void Journal::forget() {
  std::deque<Record> gone;  // freed behind the lock
  const std::lock_guard lock(mutex_);
  gone.swap(records_);
  size_ = {0, 0, 0, 0, 0, size_.last_id};
}

void Journal::forget(const std::function<bool(const Entry&)>& is_to_go) {
  const std::lock_guard lock(mutex_);
  std::erase_if(records_, [&](const Record& record) {
    if (!is_to_go(*record.entry)) return false;
    --size_.entries;
    size_.bytes -= record.entry->bytes();
    if (record.fate.ended == Ended::Open) --size_.open;
    return true;
  });
}

std::shared_ptr<Journal::Listener> Journal::listen() {
  auto listener = std::make_shared<Listener>();
  const std::lock_guard lock(mutex_);
  listener->is_over = is_over_;
  listeners_.push_back(listener);
  return listener;
}

void Journal::set_wake(Listener& listener, std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  listener.wake = std::move(wake);
}

Journal::Taken Journal::take(Listener& listener, Record& record, std::uint64_t& lost) {
  const std::lock_guard lock(mutex_);
  lost = std::exchange(listener.lost, 0);
  if (listener.waiting.empty()) return listener.is_over ? Taken::Over : Taken::Nothing;
  record = std::move(listener.waiting.front());
  listener.waiting.pop_front();
  return Taken::Record;
}

void Journal::leave(const std::shared_ptr<Listener>& listener) {
  const std::lock_guard lock(mutex_);
  std::erase(listeners_, listener);
}

void Journal::end_listening() {
  std::vector<std::function<void()>> wakes;
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
    for (const auto& listener : listeners_) {
      listener->is_over = true;
      if (listener->wake) wakes.push_back(listener->wake);
    }
  }
  for (const auto& wake : wakes) wake();
}

}  // namespace mimus::server
