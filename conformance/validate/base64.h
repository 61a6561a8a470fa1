// Base64 as replies carry it. Source: RFC 4648, 4.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mimus::conformance {

// The bytes; nothing when the text is not base64 (the padding may be missing).
std::optional<std::string> read_base64(std::string_view text);

// Little-endian IEEE 754 numbers of 4 bytes; nothing when the bytes do not come out even.
std::optional<std::vector<double>> read_floats(std::string_view bytes);

}  // namespace mimus::conformance
