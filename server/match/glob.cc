#include "server/match/glob.h"

#include <optional>

namespace mimus::server {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

// The size of the UTF-8 sequence at the start of `text`, which is not empty; 1 for a stray byte.
std::size_t character_size(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && size < 4 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) ++size;
  return size;
}

// The end of `segment` (a glob without `*`) when it fits `text` from `from` on; else nowhere.
std::size_t fit_here(std::string_view segment, std::string_view text, std::size_t from) {
  std::size_t at = from;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    if (at >= text.size()) return kNowhere;
    if (segment[i] == '?') {
      at += character_size(text.substr(at));
      continue;
    }
    if (segment[i] == '\\' && i + 1 < segment.size()) ++i;
    if (segment[i] != text[at]) return kNowhere;
    ++at;
  }
  return at;
}

std::size_t next_star(std::string_view glob, std::size_t from) {
  for (std::size_t i = from; i < glob.size(); ++i) {
    if (glob[i] == '\\') {
      ++i;
    } else if (glob[i] == '*') {
      return i;
    }
  }
  return kNowhere;
}

// The end of the last segment must be the end of the text, so the latest fit decides there.
bool fits_at_end(std::string_view segment, std::string_view text, std::size_t from) {
  for (std::size_t start = text.size() + 1; start-- > from;) {
    if (fit_here(segment, text, start) == text.size()) return true;
  }
  return false;
}

}  // namespace

// Each piece between stars is taken where it first fits: a later place could only leave less room for the rest.
bool fits_glob(std::string_view glob, std::string_view text) {
  std::size_t star = next_star(glob, 0);
  std::size_t at = fit_here(glob.substr(0, star), text, 0);
  if (star == kNowhere || at == kNowhere) return at == text.size();
  while (true) {
    const std::size_t start = star + 1;
    star = next_star(glob, start);
    if (star == kNowhere) return fits_at_end(glob.substr(start), text, at);
    const std::string_view segment = glob.substr(start, star - start);
    std::size_t end = fit_here(segment, text, at);
    while (end == kNowhere && at < text.size()) end = fit_here(segment, text, ++at);
    if (end == kNowhere) return false;
    at = end;
  }
}

bool has_wildcard(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '*' || text[i] == '?') {
      return true;
    }
  }
  return false;
}

std::string literal_of_glob(std::string_view glob) {
  std::string best;
  std::string piece;
  for (std::size_t i = 0; i <= glob.size(); ++i) {
    if (i < glob.size() && glob[i] != '*' && glob[i] != '?') {
      if (glob[i] == '\\' && i + 1 < glob.size()) ++i;
      piece += glob[i];
      continue;
    }
    if (piece.size() > best.size()) best = piece;
    piece.clear();
  }
  return best;
}

}  // namespace mimus::server
