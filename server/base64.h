// Base64 as JSON bodies carry it: standard alphabet, with padding (RFC 4648, 4). Pure and thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mimus::server {

void append_base64(std::string_view bytes, std::string& out);
std::string encode_base64(std::string_view bytes);

// The bytes of `text`; nothing when it has a foreign character, wrong padding or loose bits behind its end.
std::optional<std::string> decode_base64(std::string_view text);

// Whether `text` has the alphabet and the padding of base64; nothing is decoded, and loose bits pass.
bool is_base64(std::string_view text);

}  // namespace mimus::server
