// Whether a body is sent as JSON. To be asked after the key was accepted and before the body is read.
#pragma once

#include <optional>
#include <string_view>

#include "server/dialect/request_rules.h"

namespace mimus::server {

// Nothing for "application/json", any case, any parameters ("; charset=utf-8"). An absent header (empty) is refused:
// what it would mean, RFC 9110 8.3 leaves open.
std::optional<Refusal> check_json_content_type(std::string_view content_type);

}  // namespace mimus::server
