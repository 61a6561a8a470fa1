#include "server/endpoints/file_object.h"

namespace mimus::server {

std::int64_t epoch_seconds(WallTime time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

void write_time(std::string_view name, std::optional<WallTime> time, JsonWriter& json) {
  json.key(name);
  if (time) {
    json.integer(epoch_seconds(*time));
  } else {
    json.null();
  }
}

void write_file(const StoredFile& file, JsonWriter& json) {
  json.object().member("object", "file").member("id", file.id).member("purpose", file.purpose);
  json.member("filename", file.filename).member("bytes", static_cast<std::int64_t>(file.content->size()));
  json.member("created_at", epoch_seconds(file.created));
  write_time("expires_at", file.expires, json);
  json.member("status", "processed").null_member("status_details").end_object();
}

}  // namespace mimus::server
