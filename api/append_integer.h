// A number as decimal digits, behind what a text holds.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>

namespace mimus {

inline void append_integer(std::int64_t value, std::string& out) {
  char digits[20];  // as many as the lowest number has, with its sign
  const char* const end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, static_cast<std::size_t>(end - digits));  // two pointers would be any iterators to append()
}

}  // namespace mimus
