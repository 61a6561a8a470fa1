// Whether bytes are text. Source: RFC 3629 (no overlong forms, no surrogates, at most U+10FFFF).
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace mimus::conformance {

// The offset of the first byte that cannot belong to UTF-8; nothing when all of `text` is valid.
std::optional<std::size_t> find_invalid_utf8(std::string_view text);

}  // namespace mimus::conformance
