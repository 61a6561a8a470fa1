// How a token is found. The rule looks only forward from its start, and a run of letters is split so that every piece
// stays what it was when the text is cut behind it: a prefix made of whole tokens has exactly these tokens.
// Real vocabularies count an emoji as two or more tokens; here it is one, for no token may split a character.

#include "server/tokens.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "api/byte_scan.h"
#include "server/char_class.h"

namespace mimus::server {
namespace {

constexpr std::size_t kWholeWord = 8;  // ASCII letters that stay together
static_assert(kWholeWord == sizeof(std::uint64_t), "letters_in() tells whole words from longer ones");
constexpr std::size_t kWordPiece = 5;  // what a longer word is cut into; the last piece may be a whole word
constexpr std::size_t kLetterPiece = 3;
constexpr std::size_t kDigitPiece = 3;
constexpr std::size_t kPunctuationPiece = 2;

// The bytes of the run of `kind` at `at`, at most `limit` characters of it.
std::size_t run_size(std::string_view text, std::size_t at, CharClass kind, std::size_t limit) {
  const std::size_t start = at;
  for (; limit > 0 && at < text.size(); --limit) {
    const Char c = char_at(text, at);
    if (c.kind != kind) break;
    at += c.size;
  }
  return at - start;
}

bool is_letter(char c) {
  return static_cast<unsigned char>((c | 0x20) - 'a') < 26;
}  // ASCII

// The ASCII letters that eight bytes begin with, all eight looked at in one go.
std::size_t letters_in(std::array<char, 8> bytes) {
  const auto word = std::bit_cast<std::uint64_t>(bytes);
  const std::uint64_t lower = (word | in_each_byte(0x20)) & in_each_byte(0x7f);
  const std::uint64_t from_a = lower + in_each_byte(0x80 - 'a');  // the highest bit of each byte tells; none carries
  const std::uint64_t beyond_z = lower + in_each_byte(0x7f - 'z');
  const std::uint64_t others = ~(from_a & ~beyond_z & ~word) & in_each_byte(0x80);
  const int zeros = std::endian::native == std::endian::little ? std::countr_zero(others) : std::countl_zero(others);
  return static_cast<std::size_t>(zeros) / 8;
}

inline std::size_t word_size(std::string_view text, std::size_t at) {
  std::array<char, 8> bytes{};
  if (at + bytes.size() <= text.size()) {
    std::memcpy(bytes.data(), text.data() + at, bytes.size());
  } else {
    text.substr(at).copy(bytes.data(), bytes.size());
  }
  const std::size_t size = letters_in(bytes);
  if (size < kWholeWord || at + size == text.size() || !is_letter(text[at + size])) return size;
  return kWordPiece;
}

// Of anything but white space.
std::size_t mark_size(std::string_view text, std::size_t at) {
  const Char c = char_at(text, at);
  switch (c.kind) {
    case CharClass::Letter:
      return word_size(text, at);
    case CharClass::OtherLetter:
      return run_size(text, at, c.kind, kLetterPiece);
    case CharClass::Digit:
      return run_size(text, at, c.kind, kDigitPiece);
    case CharClass::Punctuation:
      return run_size(text, at, c.kind, kPunctuationPiece);
    default:
      return c.size;
  }
}

bool takes_a_space(CharClass kind) {
  return kind != CharClass::Digit && kind != CharClass::Newline && kind != CharClass::Blank;
}

// A blank run; its last space goes to the word behind it.
std::size_t blank_size(std::string_view text) {
  const std::size_t run = run_size(text, 0, CharClass::Blank, text.size());
  if (run == text.size() || text[run - 1] != ' ' || !takes_a_space(char_at(text, run).kind)) return run;
  return run > 1 ? run - 1 : 1 + mark_size(text, 1);
}

// Of any token, the long way.
std::size_t other_size(std::string_view text) {
  const CharClass kind = char_at(text, 0).kind;
  if (kind == CharClass::Blank) return blank_size(text);
  if (kind == CharClass::Newline) return run_size(text, 0, kind, text.size());
  return mark_size(text, 0);
}

// Of the token that a text that is not empty begins with. Nearly all tokens of prose are a word of ASCII letters,
// perhaps behind one space.
inline std::size_t token_size(std::string_view text) {
  const std::size_t space = text.front() == ' ' ? 1 : 0;
  const std::size_t word = word_size(text, space);
  return word > 0 ? space + word : other_size(text);
}

}  // namespace

std::size_t first_token_size(std::string_view text) {
  return text.empty() ? 0 : token_size(text);
}

std::int64_t count_tokens(std::string_view text) {
  std::int64_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(token_size(text));
  return count;
}

std::string_view first_tokens(std::string_view text, std::int64_t limit) {
  std::size_t end = 0;
  for (; limit > 0 && end < text.size(); --limit) end += token_size(text.substr(end));
  return text.substr(0, end);
}

}  // namespace mimus::server
