// A header field of HTTP: a name, compared without case, and a value (RFC 9110, 5).
#pragma once

#include <string>
#include <string_view>

namespace mimus {

struct Header {
  std::string name;
  std::string value;
  bool operator==(const Header&) const = default;
};

namespace header_detail {
bool same_letters(std::string_view a, std::string_view b);  // of texts of one size
}  // namespace header_detail

// ASCII letters only, as header names are. Most texts that differ do so in their sizes or first letters.
inline bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  if (!a.empty() && ((a[0] ^ b[0]) & ~0x20) != 0) return false;
  return header_detail::same_letters(a, b);
}

}  // namespace mimus
