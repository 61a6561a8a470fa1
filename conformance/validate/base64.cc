#include "conformance/validate/base64.h"

#include <bit>
#include <cstdint>

namespace mimus::conformance {
namespace {

int value_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

}  // namespace

std::optional<std::string> read_base64(std::string_view text) {
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const int value = value_of(c);
    if (value < 0) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push_back(static_cast<char>(bits >> held & 0xFF));
  }
  return bytes;
}

std::optional<std::vector<double>> read_floats(std::string_view bytes) {
  if (bytes.size() % 4 != 0) return std::nullopt;
  std::vector<double> numbers;
  for (std::size_t i = 0; i < bytes.size(); i += 4) {
    std::uint32_t bits = 0;
    for (std::size_t k = 4; k > 0; --k) bits = bits << 8 | static_cast<unsigned char>(bytes[i + k - 1]);
    numbers.push_back(static_cast<double>(std::bit_cast<float>(bits)));
  }
  return numbers;
}

}  // namespace mimus::conformance
