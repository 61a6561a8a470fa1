// A file as replies show it. Pure and thread-safe. Source: OpenAI API reference, the file object.
#pragma once

#include "api/json_writer.h"
#include "server/state/file_store.h"

namespace mimus::server {

void write_file(const StoredFile& file, JsonWriter& json);

// Whole seconds since 1970.
std::int64_t epoch_seconds(WallTime time);

// The time in seconds, or null.
void write_time(std::string_view name, std::optional<WallTime> time, JsonWriter& json);

}  // namespace mimus::server
