#include "server/state/batch_store.h"

#include <string>

namespace mimus::server {

bool BatchStore::put(BatchInfo info, std::shared_ptr<const std::string> input) {
  const std::string id = info.id;
  auto slot = std::make_shared<Slot>(std::move(info), std::move(input));
  const std::size_t bytes = slot->batch.bytes();
  return batches_.put(id, std::move(slot), bytes);
}

std::optional<BatchInfo> BatchStore::step(std::string_view id, WallTime now, const BatchSlice& slice,
                                          const BatchWork& work) {
  const auto found = batches_.find(id);
  if (!found) return std::nullopt;
  const SharedSlot slot = *found;
  if (const std::unique_lock working(slot->working, std::try_to_lock); working.owns_lock()) {
    slot->batch.step(now, slice, work);
    slot->publish();
    const std::size_t bytes = slot->batch.bytes();
    if (!batches_.update(id, [&](SharedSlot&) { return std::optional(bytes); })) batches_.erase(id);
  }
  return slot->show();
}

std::optional<BatchInfo> BatchStore::find(std::string_view id) const {
  const auto found = batches_.find(id);
  if (!found) return std::nullopt;
  return (*found)->show();
}

std::optional<BatchInfo> BatchStore::cancel(std::string_view id, WallTime now, bool& accepted) {
  const auto found = batches_.find(id);
  if (!found) return std::nullopt;
  const SharedSlot slot = *found;
  const std::lock_guard working(slot->working);
  accepted = slot->batch.cancel(now);
  slot->publish();
  return slot->show();
}

std::optional<BatchStore::Page> BatchStore::page(const PageQuery& query) const {
  const auto found = batches_.page(query, nullptr);
  if (!found) return std::nullopt;
  Page page;
  page.has_more = found->has_more;
  for (const auto& [id, slot] : found->items) page.items.push_back((*slot)->show());
  return page;
}

}  // namespace mimus::server
