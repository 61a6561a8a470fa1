#include "server/state/file_store.h"

#include <utility>

namespace mimus::server {
namespace {

constexpr std::size_t kOverhead = 256;  // what an entry costs beside its content, about

bool is_expired(const StoredFile& file, WallTime now) {
  return file.expires && *file.expires <= now;
}

}  // namespace

bool FileStore::put(StoredFile file) {
  const std::string id = file.id;
  const std::size_t bytes = kOverhead + file.filename.size() + (file.content ? file.content->size() : 0);
  return files_.put(id, std::move(file), bytes);
}

std::shared_ptr<const StoredFile> FileStore::find(std::string_view id, WallTime now) {
  auto file = files_.find(id);
  if (!file || !is_expired(*file, now)) return file;
  files_.erase(id);
  return nullptr;
}

bool FileStore::erase(std::string_view id, WallTime now) {
  return find(id, now) && files_.erase(id);
}

std::optional<CappedStore<StoredFile>::Page> FileStore::page(const PageQuery& query, std::string_view purpose,
                                                             WallTime now) {
  return files_.page(query, [&](const StoredFile& file) {
    return !is_expired(file, now) && (purpose.empty() || file.purpose == purpose);
  });
}

}  // namespace mimus::server
