// Whether bytes from outside may stand in a JSON string. Pure and thread-safe.
// Source: The Unicode Standard, table 3-7 (well-formed UTF-8 byte sequences).
#pragma once

#include <string_view>

namespace mimus::server {

bool is_utf8(std::string_view bytes);

}  // namespace mimus::server
