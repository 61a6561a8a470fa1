// The "metadata" of stored things: up to 16 texts by name. Pure and thread-safe.
#pragma once

#include <map>
#include <string>

#include "api/json.h"
#include "api/json_writer.h"

namespace mimus::server {

using Metadata = std::map<std::string, std::string>;

// The texts in `json`; empty for anything but an object.
Metadata read_metadata(Json json);

void write_metadata(const Metadata& metadata, JsonWriter& json);

}  // namespace mimus::server
