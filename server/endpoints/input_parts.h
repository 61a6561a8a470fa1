// What the pictures and recordings in the input of a response must be. Pure and thread-safe.
#pragma once

#include <optional>
#include <string>

#include "api/json.h"
#include "server/dialect/request_rules.h"

namespace mimus::server {

// The first part of `parts` (content of a message, output of a tool; anything else passes) that is a picture without a
// place, or with two, or whose address is no address or bad base64, or a recording of bad base64. `path` is where they
// stand. The parts have passed the dialect's rules.
std::optional<Refusal> check_input_parts(Json parts, const std::string& path);

}  // namespace mimus::server
