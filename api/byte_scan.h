// Looking for rare bytes in a text, eight at a time: most texts of this product are printable ASCII. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace mimus {

constexpr std::uint64_t in_each_byte(std::uint64_t byte) {
  return byte * 0x0101010101010101U;
}

// The highest bit of the bytes that are zero; of those above a zero one it may be set wrongly.
constexpr std::uint64_t zero_bytes(std::uint64_t word) {
  return (word - in_each_byte(1)) & ~word & in_each_byte(0x80);
}

// The highest bit of the bytes below 0x20; of those above such a one it may be set wrongly.
constexpr std::uint64_t control_bytes(std::uint64_t word) {
  return (word - in_each_byte(0x20)) & ~word & in_each_byte(0x80);
}

// The first byte from `at` on of which `is_wanted(char)` holds, or the end. `may_hold(word)` tells of eight bytes
// whether one of them may be wanted: 0 only if none is.
template <class MayHold, class IsWanted>
std::size_t find_byte(std::string_view text, std::size_t at, MayHold may_hold, IsWanted is_wanted) {
  if (text.size() >= 8) {
    const auto is_clean = [&](std::size_t place) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.data() + place, sizeof word);
      return may_hold(word) == 0;
    };
    const std::size_t last = text.size() - 8;  // the last eight bytes may overlap those before
    while (at < last && is_clean(at)) at += 8;
    if (at >= last && is_clean(last)) return text.size();
  }
  while (at < text.size() && !is_wanted(text[at])) ++at;
  return at;
}

inline bool is_ascii(std::string_view text) {
  const auto may_hold = [](std::uint64_t word) { return word & in_each_byte(0x80); };
  return find_byte(text, 0, may_hold, [](char c) { return (c & 0x80) != 0; }) == text.size();
}

// Space to tilde, in every byte.
inline bool is_printable_ascii(std::string_view text) {
  const auto may_hold = [](std::uint64_t word) {
    return (word & in_each_byte(0x80)) | control_bytes(word) | zero_bytes(word ^ in_each_byte(0x7f));
  };
  const auto is_wanted = [](char c) { return c < 0x20 || c == 0x7f; };  // from 0x80 on, a signed char is below 0
  return find_byte(text, 0, may_hold, is_wanted) == text.size();
}

}  // namespace mimus
