// A number as decimal digits, behind what a text holds.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>

namespace mimus {

inline void append_integer(std::int64_t value, std::string& out) {
  char digits[20];  // as many as the lowest number has, with its sign
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

}  // namespace mimus
