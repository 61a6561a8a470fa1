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

// ASCII letters only, as header names are.
bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace mimus
