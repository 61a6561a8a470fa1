// Journal entries as JSON. Pure and thread-safe.
#pragma once

#include <string>

#include "api/json_writer.h"
#include "server/journal/entry.h"

namespace mimus::server {

// The members of an entry, without braces, so that the caller may add some. Times are ISO 8601 in UTC; durations
// milliseconds; a body that is not UTF-8 stands as base64 under "body_base64".
void write_entry(const Record& record, JsonWriter& writer);

// 16 hex digits; empty for 0.
std::string hash_text(std::uint64_t hash);

// "2026-01-01T00:00:00.000000Z".
std::string iso_time(WallTime time);

}  // namespace mimus::server
