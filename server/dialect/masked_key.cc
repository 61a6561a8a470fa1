#include "server/dialect/masked_key.h"

namespace mimus::server {

std::string masked_key(std::string_view key) {
  constexpr std::size_t kHead = 8;
  constexpr std::size_t kTail = 4;
  if (key.size() <= kHead + kTail) return std::string(key);
  std::string masked(key.substr(0, kHead));
  masked.append(key.size() - kHead - kTail, '*');
  masked += key.substr(key.size() - kTail);
  return masked;
}

}  // namespace mimus::server
