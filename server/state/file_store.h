// The files that callers uploaded or that batches produced. In memory only; names are never used as paths.
// Thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "server/clock.h"
#include "server/state/capped_store.h"

namespace mimus::server {

struct StoredFile {
  std::string id;  // "file-..."
  std::string filename;
  std::string purpose;                         // "batch"
  std::shared_ptr<const std::string> content;  // shared with batches and replies that still read it
  WallTime created{};
  std::optional<WallTime> expires;
};

class FileStore {
 public:
  explicit FileStore(StoreCaps caps) : files_(caps) {}

  // False when the file alone is beyond the cap.
  bool put(StoredFile file);

  // Null when there is none, or none any more at `now`.
  std::shared_ptr<const StoredFile> find(std::string_view id, WallTime now);
  bool erase(std::string_view id, WallTime now);

  // The files of `purpose` (empty: all). Nothing when the query's `after` names no file.
  std::optional<CappedStore<StoredFile>::Page> page(const PageQuery& query, std::string_view purpose, WallTime now);

  void clear() { files_.clear(); }
  [[nodiscard]] StoreStats stats() const { return files_.stats(); }
  [[nodiscard]] const StoreCaps& caps() const { return files_.caps(); }

 private:
  CappedStore<StoredFile> files_;
};

}  // namespace mimus::server
