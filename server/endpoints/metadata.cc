#include "server/endpoints/metadata.h"

namespace mimus::server {

Metadata read_metadata(Json json) {
  Metadata metadata;
  for (const auto [key, value] : json.members()) metadata.emplace(key, value.string_or(""));
  return metadata;
}

void write_metadata(const Metadata& metadata, JsonWriter& json) {
  json.object();
  for (const auto& [key, value] : metadata) json.member(key, value);
  json.end_object();
}

}  // namespace mimus::server
