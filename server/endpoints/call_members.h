// How the members of a Call are read, where the endpoints that speak have it in common. Pure and thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "api/json.h"
#include "server/call.h"

namespace mimus::server {

// The text of a member; empty when it is no text or missing.
std::string text_at(Json object, std::string_view key);

// Parts of a message stand on a line each.
void add_text(Message& message, std::string_view text);

// `json` names the type; name and schema stand in `described`, which may be the same object.
ResponseFormat read_text_format(Json json, Json described);

}  // namespace mimus::server
