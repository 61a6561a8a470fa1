// Files that arrive in parts: created with their size, filled part by part, completed into one content or cancelled.
// Thread-safe. Source: OpenAI API reference, uploads (status, one hour to live, byte totals must match).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/result.h"
#include "server/clock.h"
#include "server/state/capped_store.h"

namespace mimus::server {

enum class UploadStatus { Pending, Completed, Cancelled, Expired };
std::string_view name_of(UploadStatus status);  // "pending"

struct UploadPart {
  std::string id;  // "part_..."
  std::shared_ptr<const std::string> data;
};

struct Upload {
  std::string id;  // "upload_..."
  std::string filename;
  std::string purpose;
  std::string mime_type;
  std::int64_t bytes = 0;  // as announced
  WallTime created{};
  WallTime expires{};  // an hour after it was created
  UploadStatus status = UploadStatus::Pending;
  std::optional<std::chrono::seconds> file_life;  // how long the file is to be kept, if the caller said
  std::string file_id;                            // once completed
  std::vector<UploadPart> parts;                  // in the order of arrival; gone once completed or cancelled
};

// Why an upload does not do what was asked.
struct UploadRefusal {
  enum class Kind {
    NotFound,     // no such upload
    NotPending,   // it is completed, cancelled or expired
    UnknownPart,  // `detail` is its id
    WrongSize,    // the parts do not add up to what was announced; `detail` says to what
    WrongMd5,     // `detail` is what was found
    TooLarge,     // beyond what was announced, or beyond what mimus keeps
  };
  Kind kind = Kind::NotFound;
  std::string detail;
};

class UploadStore {
 public:
  explicit UploadStore(StoreCaps caps) : uploads_(caps) {}

  bool put(Upload upload);

  // Null when there is none. One that is pending beyond its time is shown as expired.
  [[nodiscard]] std::optional<Upload> find(std::string_view id, WallTime now) const;

  Result<Done, UploadRefusal> add_part(std::string_view id, UploadPart part, WallTime now);

  // The content of `part_ids` in this order, and the upload, which is completed as `file_id` from now on. `md5` is a
  // hex digest to compare with, or empty.
  struct Completed {
    Upload upload;
    std::string content;
  };
  Result<Completed, UploadRefusal> complete(std::string_view id, const std::vector<std::string>& part_ids,
                                            std::string_view md5, const std::string& file_id, WallTime now);

  Result<Upload, UploadRefusal> cancel(std::string_view id, WallTime now);

  void clear() { uploads_.clear(); }
  [[nodiscard]] StoreStats stats() const { return uploads_.stats(); }
  [[nodiscard]] const StoreCaps& caps() const { return uploads_.caps(); }

 private:
  CappedStore<Upload> uploads_;
};

}  // namespace mimus::server
