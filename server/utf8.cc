#include "server/utf8.h"

#include <cstddef>

namespace mimus::server {
namespace {

bool is_between(unsigned char c, unsigned char low, unsigned char high) {
  return c >= low && c <= high;
}

// The length of the character that `first` begins, and the bounds of its second byte; 0 when it begins none.
struct Lead {
  std::size_t size = 0;
  unsigned char low = 0x80;
  unsigned char high = 0xbf;
};

Lead lead_of(unsigned char first) {
  if (first < 0x80) return {1};
  if (is_between(first, 0xc2, 0xdf)) return {2};
  if (first == 0xe0) return {3, 0xa0};
  if (first == 0xed) return {3, 0x80, 0x9f};  // no surrogates
  if (is_between(first, 0xe1, 0xef)) return {3};
  if (first == 0xf0) return {4, 0x90};
  if (is_between(first, 0xf1, 0xf3)) return {4};
  if (first == 0xf4) return {4, 0x80, 0x8f};
  return {};
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  for (std::size_t i = 0; i < bytes.size();) {
    const Lead lead = lead_of(at(i));
    if (lead.size == 0 || bytes.size() - i < lead.size) return false;
    if (lead.size > 1 && !is_between(at(i + 1), lead.low, lead.high)) return false;
    for (std::size_t k = 2; k < lead.size; ++k) {
      if (!is_between(at(i + k), 0x80, 0xbf)) return false;
    }
    i += lead.size;
  }
  return true;
}

}  // namespace mimus::server
