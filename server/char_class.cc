#include "server/char_class.h"

#include <algorithm>

namespace mimus::server {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
  CharClass kind;
};

// Sorted; what lies between is a letter.
constexpr Range kRanges[] = {
    {0x80, 0x84, CharClass::Punctuation},        {0x85, 0x85, CharClass::Newline},
    {0x86, 0x9F, CharClass::Punctuation},        {0xA0, 0xA0, CharClass::Blank},
    {0xA1, 0xA9, CharClass::Punctuation},        {0xAB, 0xB4, CharClass::Punctuation},
    {0xB6, 0xB9, CharClass::Punctuation},        {0xBB, 0xBF, CharClass::Punctuation},
    {0xD7, 0xD7, CharClass::Punctuation},        {0xF7, 0xF7, CharClass::Punctuation},
    {0x1100, 0x11FF, CharClass::Ideograph},      {0x2000, 0x200A, CharClass::Blank},
    {0x200B, 0x200C, CharClass::Punctuation},    {0x200D, 0x200D, CharClass::Emoji},
    {0x200E, 0x2027, CharClass::Punctuation},    {0x2028, 0x2029, CharClass::Newline},
    {0x202A, 0x202E, CharClass::Punctuation},    {0x202F, 0x202F, CharClass::Blank},
    {0x2030, 0x205E, CharClass::Punctuation},    {0x205F, 0x205F, CharClass::Blank},
    {0x2060, 0x25FF, CharClass::Punctuation},    {0x2600, 0x27BF, CharClass::Emoji},
    {0x27C0, 0x2AFF, CharClass::Punctuation},    {0x2B00, 0x2BFF, CharClass::Emoji},
    {0x2E00, 0x2E7F, CharClass::Punctuation},    {0x2E80, 0x2FDF, CharClass::Ideograph},
    {0x3000, 0x3000, CharClass::Blank},          {0x3001, 0x303F, CharClass::Punctuation},
    {0x3040, 0x318F, CharClass::Ideograph},      {0x3190, 0x319F, CharClass::Punctuation},
    {0x31A0, 0x31FF, CharClass::Ideograph},      {0x3200, 0x33FF, CharClass::Punctuation},
    {0x3400, 0x4DBF, CharClass::Ideograph},      {0x4DC0, 0x4DFF, CharClass::Punctuation},
    {0x4E00, 0x9FFF, CharClass::Ideograph},      {0xA960, 0xA97F, CharClass::Ideograph},
    {0xAC00, 0xD7FF, CharClass::Ideograph},      {0xE000, 0xF8FF, CharClass::Punctuation},
    {0xF900, 0xFAFF, CharClass::Ideograph},      {0xFE00, 0xFE0F, CharClass::Emoji},
    {0xFE10, 0xFE1F, CharClass::Punctuation},    {0xFE30, 0xFE6F, CharClass::Punctuation},
    {0xFEFF, 0xFEFF, CharClass::Punctuation},    {0xFF01, 0xFF20, CharClass::Punctuation},
    {0xFF3B, 0xFF40, CharClass::Punctuation},    {0xFF5B, 0xFF65, CharClass::Punctuation},
    {0xFF66, 0xFFDC, CharClass::Ideograph},      {0xFFE0, 0xFFFF, CharClass::Punctuation},
    {0x1B000, 0x1B16F, CharClass::Ideograph},    {0x1D000, 0x1D3FF, CharClass::Punctuation},
    {0x1F000, 0x1FAFF, CharClass::Emoji},        {0x20000, 0x3FFFF, CharClass::Ideograph},
    {0xE0000, 0x10FFFF, CharClass::Punctuation},
};

CharClass kind_of(std::uint32_t code) {
  const Range* found = std::lower_bound(std::begin(kRanges), std::end(kRanges), code,
                                        [](const Range& range, std::uint32_t c) { return range.last < c; });
  return found != std::end(kRanges) && found->first <= code ? found->kind : CharClass::OtherLetter;
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

}  // namespace

Char char_class_detail::beyond_ascii(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::uint8_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  if (size == 1 || at + size > text.size()) return {CharClass::Punctuation, 1};
  std::uint32_t code = lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if (!is_continuation(text[at + i])) return {CharClass::Punctuation, 1};
    code = code << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
  }
  return {kind_of(code), size};
}

std::string_view cut_to_bytes(std::string_view text, std::size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && is_continuation(text[size])) --size;
  return text.substr(0, size);
}

std::size_t count_chars(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

std::string_view first_chars(std::string_view text, std::size_t count) {
  std::size_t end = 0;
  for (; end < text.size() && count > 0; --count) {
    ++end;
    while (end < text.size() && is_continuation(text[end])) ++end;
  }
  return text.substr(0, end);
}

}  // namespace mimus::server
