// Which kind of character stands at a place of a UTF-8 text: as coarse as token borders and word lists need it.
// Pure and thread-safe. Ranges after the Unicode block chart; digits are ASCII only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mimus::server {

enum class CharClass : std::uint8_t {
  Letter,       // ASCII
  OtherLetter,  // of every script not named here
  Ideograph,    // Chinese characters, kana, hangul: one is about a word
  Digit,
  Punctuation,  // also symbols and control characters
  Emoji,
  Newline,
  Blank,  // white space within a line
};

struct Char {
  CharClass kind;
  std::uint8_t size;  // in bytes
};

namespace char_class_detail {
constexpr std::array<CharClass, 128> make_ascii() {
  std::array<CharClass, 128> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const char c = static_cast<char>(i);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    table[i] = letter                                            ? CharClass::Letter
               : c >= '0' && c <= '9'                            ? CharClass::Digit
               : c == '\n' || c == '\r'                          ? CharClass::Newline
               : c == ' ' || c == '\t' || c == '\v' || c == '\f' ? CharClass::Blank
                                                                 : CharClass::Punctuation;
  }
  return table;
}
inline constexpr std::array<CharClass, 128> kAscii = make_ascii();

Char beyond_ascii(std::string_view text, std::size_t at);
}  // namespace char_class_detail

// The character at byte `at` < text.size(). A byte that is no valid UTF-8 counts as one punctuation mark.
inline Char char_at(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80) return {char_class_detail::kAscii[byte], 1};
  return char_class_detail::beyond_ascii(text, at);
}

// `text` cut to at most `size` bytes, not inside a character.
std::string_view cut_to_bytes(std::string_view text, std::size_t size);

// The number of characters (code points).
std::size_t count_chars(std::string_view text);

// The first `count` characters.
std::string_view first_chars(std::string_view text, std::size_t count);

}  // namespace mimus::server
