// Keeps what lives between requests (files, stored replies, uploads, batches) by id, in the order it came, within a cap
// of entries and bytes: for new ones the oldest go.
// Thread-safe. Values are immutable and shared, because a reader may still hold one that is replaced or evicted
// meanwhile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mimus::server {

struct StoreCaps {
  std::size_t entries = 10'000;
  std::size_t bytes = 256 * 1024 * 1024;
};

struct StoreStats {
  std::size_t entries = 0;
  std::size_t bytes = 0;
  std::uint64_t evicted = 0;  // gone for want of room
};

enum class ListOrder { Ascending, Descending };  // by age: the oldest first, or the newest

// Which part of a list is asked for.
struct PageQuery {
  std::string after;  // the id behind which the page begins; empty: at the start
  std::size_t limit = 20;
  ListOrder order = ListOrder::Descending;
};

template <class Value>
class CappedStore {
 public:
  using Shared = std::shared_ptr<const Value>;
  struct Page {
    std::vector<std::pair<std::string, Shared>> items;  // id, value
    bool has_more = false;
  };

  explicit CappedStore(StoreCaps caps) : caps_(caps) {}

  // Stores `value`, which occupies about `bytes`. An id that is there already keeps its place in the order. False, and
  // nothing changed, when the value alone is beyond the cap.
  bool put(const std::string& id, Value value, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    return put_locked(id, std::make_shared<const Value>(std::move(value)), bytes);
  }

  // Null when there is none.
  [[nodiscard]] Shared find(std::string_view id) const {
    const std::lock_guard lock(mutex_);
    const auto found = places_.find(id);
    return found == places_.end() ? nullptr : entries_.at(found->second).value;
  }

  // Replaces the value of `id` by what `change` makes of a copy; `change` returns the bytes it now occupies, or nothing
  // to leave it as it is, and must not call the store. Atomic. False when there is no such id or nothing was changed.
  template <class Change>
  bool update(std::string_view id, Change change) {
    const std::lock_guard lock(mutex_);
    const auto found = places_.find(id);
    if (found == places_.end()) return false;
    auto value = std::make_shared<Value>(*entries_.at(found->second).value);
    const std::optional<std::size_t> bytes = change(*value);
    return bytes && put_locked(std::string(id), std::move(value), *bytes);
  }

  bool erase(std::string_view id) {
    const std::lock_guard lock(mutex_);
    return erase_locked(id);
  }

  void clear() {
    const std::lock_guard lock(mutex_);
    entries_.clear();
    places_.clear();
    bytes_ = 0;
  }

  // The entries that `wanted` likes, a page of them. Nothing when `query.after` names no entry. `wanted` must not call
  // the store.
  [[nodiscard]] std::optional<Page> page(const PageQuery& query,
                                         const std::function<bool(const Value&)>& wanted) const {
    const std::lock_guard lock(mutex_);
    std::optional<std::uint64_t> after;
    if (!query.after.empty()) {
      const auto found = places_.find(query.after);
      if (found == places_.end()) return std::nullopt;
      after = found->second;
    }
    Page page;
    const auto add = [&](const Entry& entry) {  // false once the page is full
      if (wanted && !wanted(*entry.value)) return true;
      page.has_more = page.items.size() == query.limit;
      if (!page.has_more) page.items.emplace_back(entry.id, entry.value);
      return !page.has_more;
    };
    if (query.order == ListOrder::Ascending) {
      auto it = after ? entries_.upper_bound(*after) : entries_.begin();
      while (it != entries_.end() && add(it->second)) ++it;
    } else {
      auto it = std::make_reverse_iterator(after ? entries_.lower_bound(*after) : entries_.end());
      while (it != entries_.rend() && add(it->second)) ++it;
    }
    return page;
  }

  [[nodiscard]] const StoreCaps& caps() const { return caps_; }

  [[nodiscard]] StoreStats stats() const {
    const std::lock_guard lock(mutex_);
    return {entries_.size(), bytes_, evicted_};
  }

 private:
  struct Entry {
    std::string id;
    Shared value;
    std::size_t bytes = 0;
  };

  bool put_locked(const std::string& id, Shared value, std::size_t bytes) {
    if (bytes > caps_.bytes || caps_.entries == 0) return false;
    const auto known = places_.find(id);
    const std::uint64_t place = known == places_.end() ? ++last_place_ : known->second;
    Entry& entry = entries_[place];
    bytes_ = bytes_ - entry.bytes + bytes;
    entry = {id, std::move(value), bytes};
    places_[id] = place;
    make_room(place);
    return true;
  }

  // Drops the oldest until the caps are kept, all but the one that was just put.
  void make_room(std::uint64_t keep) {
    auto oldest = entries_.begin();
    while (oldest != entries_.end() && (entries_.size() > caps_.entries || bytes_ > caps_.bytes)) {
      if (oldest->first == keep) {
        ++oldest;
        continue;
      }
      bytes_ -= oldest->second.bytes;
      places_.erase(oldest->second.id);
      oldest = entries_.erase(oldest);
      ++evicted_;
    }
  }

  bool erase_locked(std::string_view id) {
    const auto found = places_.find(id);
    if (found == places_.end()) return false;
    const auto entry = entries_.find(found->second);
    bytes_ -= entry->second.bytes;
    entries_.erase(entry);
    places_.erase(found);
    return true;
  }

  const StoreCaps caps_;
  mutable std::mutex mutex_;
  std::map<std::uint64_t, Entry> entries_;  // by age
  std::map<std::string, std::uint64_t, std::less<>> places_;
  std::uint64_t last_place_ = 0;
  std::size_t bytes_ = 0;
  std::uint64_t evicted_ = 0;
};

}  // namespace mimus::server
