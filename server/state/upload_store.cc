#include "server/state/upload_store.h"

#include <algorithm>
#include <array>

#include <openssl/evp.h>

#include "api/header.h"

namespace mimus::server {
namespace {

using Refusal = UploadRefusal;

constexpr std::size_t kOverhead = 512;  // what an entry costs beside its parts, about

std::size_t total(const std::vector<UploadPart>& parts) {
  std::size_t bytes = 0;
  for (const UploadPart& part : parts) bytes += part.data->size();
  return bytes;
}

std::size_t bytes_of(const Upload& upload) {
  return kOverhead + upload.filename.size() + total(upload.parts);
}

UploadStatus status_at(const Upload& upload, WallTime now) {
  const bool is_late = upload.status == UploadStatus::Pending && upload.expires <= now;
  return is_late ? UploadStatus::Expired : upload.status;
}

std::string md5_of(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_md5(), nullptr) != 1) return "unavailable";
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    hex += "0123456789abcdef"[digest[i] >> 4];
    hex += "0123456789abcdef"[digest[i] & 15];
  }
  return hex;
}

// The parts with `ids`, joined.
Result<std::string, Refusal> joined(const Upload& upload, const std::vector<std::string>& ids) {
  std::string content;
  for (const std::string& id : ids) {
    const auto part = std::find_if(upload.parts.begin(), upload.parts.end(), [&](const auto& p) { return p.id == id; });
    if (part == upload.parts.end()) return Refusal{Refusal::Kind::UnknownPart, id};
    // Ids may repeat; what is announced bounds what is built.
    if (content.size() + part->data->size() > static_cast<std::size_t>(upload.bytes)) {
      return Refusal{Refusal::Kind::WrongSize, "more than " + std::to_string(upload.bytes)};
    }
    content += *part->data;
  }
  if (content.size() == static_cast<std::size_t>(upload.bytes)) return content;
  return Refusal{Refusal::Kind::WrongSize, std::to_string(content.size())};
}

}  // namespace

std::string_view name_of(UploadStatus status) {
  switch (status) {
    case UploadStatus::Pending:
      return "pending";
    case UploadStatus::Completed:
      return "completed";
    case UploadStatus::Cancelled:
      return "cancelled";
    case UploadStatus::Expired:
      break;
  }
  return "expired";
}

bool UploadStore::put(Upload upload) {
  const std::string id = upload.id;
  upload.bytes = std::max<std::int64_t>(upload.bytes, 0);
  const std::size_t bytes = bytes_of(upload);
  return uploads_.put(id, std::move(upload), bytes);
}

std::optional<Upload> UploadStore::find(std::string_view id, WallTime now) const {
  const auto stored = uploads_.find(id);
  if (!stored) return std::nullopt;
  Upload upload = *stored;
  upload.status = status_at(upload, now);
  return upload;
}

Result<Done, UploadRefusal> UploadStore::add_part(std::string_view id, UploadPart part, WallTime now) {
  Refusal refusal{Refusal::Kind::NotFound, std::string(id)};
  const bool added = uploads_.update(id, [&](Upload& upload) -> std::optional<std::size_t> {
    refusal = {Refusal::Kind::NotPending, std::string(name_of(status_at(upload, now)))};
    if (status_at(upload, now) != UploadStatus::Pending) return std::nullopt;
    refusal = {Refusal::Kind::TooLarge, std::to_string(total(upload.parts) + part.data->size())};
    if (total(upload.parts) + part.data->size() > static_cast<std::size_t>(upload.bytes)) return std::nullopt;
    upload.parts.push_back(std::move(part));
    return bytes_of(upload);
  });
  if (added) return Done{};
  return refusal;
}

Result<UploadStore::Completed, UploadRefusal> UploadStore::complete(std::string_view id,
                                                                    const std::vector<std::string>& part_ids,
                                                                    std::string_view md5, const std::string& file_id,
                                                                    WallTime now) {
  Refusal refusal{Refusal::Kind::NotFound, std::string(id)};
  Completed completed;
  const bool done = uploads_.update(id, [&](Upload& upload) -> std::optional<std::size_t> {
    refusal = {Refusal::Kind::NotPending, std::string(name_of(status_at(upload, now)))};
    if (status_at(upload, now) != UploadStatus::Pending) return std::nullopt;
    auto content = joined(upload, part_ids);
    if (!content) {
      refusal = content.error();
      return std::nullopt;
    }
    if (const std::string found = md5.empty() ? "" : md5_of(*content); !equal_ignoring_case(found, md5)) {
      refusal = {Refusal::Kind::WrongMd5, found};
      return std::nullopt;
    }
    upload.status = UploadStatus::Completed;
    upload.file_id = file_id;
    upload.parts.clear();
    completed = {upload, std::move(*content)};
    return bytes_of(upload);
  });
  if (done) return completed;
  return refusal;
}

Result<Upload, UploadRefusal> UploadStore::cancel(std::string_view id, WallTime now) {
  Refusal refusal{Refusal::Kind::NotFound, std::string(id)};
  Upload cancelled;
  const bool done = uploads_.update(id, [&](Upload& upload) -> std::optional<std::size_t> {
    refusal = {Refusal::Kind::NotPending, std::string(name_of(status_at(upload, now)))};
    if (status_at(upload, now) != UploadStatus::Pending) return std::nullopt;
    upload.status = UploadStatus::Cancelled;
    upload.parts.clear();
    cancelled = upload;
    return bytes_of(upload);
  });
  if (done) return cancelled;
  return refusal;
}

}  // namespace mimus::server
