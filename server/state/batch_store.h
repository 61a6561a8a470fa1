// The batches of a server, within the caps of a store. Thread-safe: a batch is moved on by one caller at a time, and
// whoever looks meanwhile sees its last whole step without waiting.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "server/state/batch.h"
#include "server/state/capped_store.h"

namespace mimus::server {

class BatchStore {
 public:
  explicit BatchStore(StoreCaps caps) : batches_(caps) {}

  // False when the input alone is beyond the cap.
  bool put(BatchInfo info, std::shared_ptr<const std::string> input);

  // Moves the batch on by one step (see batch.h) and shows it. Nothing when there is none. A batch whose output
  // outgrows the whole store is dropped.
  std::optional<BatchInfo> step(std::string_view id, WallTime now, const BatchSlice& slice, const BatchWork& work);

  // Shows it as it is.
  [[nodiscard]] std::optional<BatchInfo> find(std::string_view id) const;

  // Asks it to stop, and shows it; `accepted` tells whether it was not over already.
  std::optional<BatchInfo> cancel(std::string_view id, WallTime now, bool& accepted);

  struct Page {
    std::vector<BatchInfo> items;
    bool has_more = false;
  };
  // Nothing when the query's `after` names no batch.
  [[nodiscard]] std::optional<Page> page(const PageQuery& query) const;

  void clear() { batches_.clear(); }
  [[nodiscard]] StoreStats stats() const { return batches_.stats(); }
  [[nodiscard]] const StoreCaps& caps() const { return batches_.caps(); }

 private:
  struct Slot {
    Slot(BatchInfo info, std::shared_ptr<const std::string> input)
        : batch(info, std::move(input)), shown(std::move(info)) {}
    [[nodiscard]] BatchInfo show() const {
      const std::lock_guard lock(showing);
      return shown;
    }
    void publish() {
      const std::lock_guard lock(showing);
      shown = batch.info();
    }
    std::mutex working;  // guards `batch`
    Batch batch;
    mutable std::mutex showing;  // guards `shown`
    BatchInfo shown;
  };
  using SharedSlot =
      std::shared_ptr<Slot>;  // shared: a batch that is evicted while it runs lives until its step is done

  CappedStore<SharedSlot> batches_;
};

}  // namespace mimus::server
