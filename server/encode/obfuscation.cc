#include "server/encode/obfuscation.h"

#include <string_view>

namespace mimus::server {
namespace {
constexpr std::string_view kLetters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
}

void Obfuscation::append(std::size_t plain_size, std::size_t size, std::string& out) {
  const std::size_t target = plain_size + kUnit;
  const std::size_t padding = size <= target ? target - size : (kUnit - (size - target) % kUnit) % kUnit;
  out.append(R"(,"obfuscation":")");
  const std::size_t begin = out.size();
  out.append(padding, ' ');
  char* const letters = out.data() + begin;
  for (std::size_t done = 0; done < padding; done += 4) {
    std::uint64_t bits = numbers_.next();
    for (std::size_t i = done; i < padding && i < done + 4; ++i, bits >>= 16) {
      letters[i] = kLetters[((bits & 0xffff) * kLetters.size()) >> 16];
    }
  }
  out.push_back('"');
}

}  // namespace mimus::server
