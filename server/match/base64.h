// Base64 as fixtures carry bytes that are no text (RFC 4648, 4): padded, no line breaks. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mimus::server {

// The bytes; nothing when `text` is not canonical base64.
std::optional<std::string> decode_base64(std::string_view text);
std::string encode_base64(std::string_view bytes);

}  // namespace mimus::server
