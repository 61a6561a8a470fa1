#include "server/pace/raw_head.h"

#include <algorithm>

namespace mimus::server {

std::string raw_head(const Delivery& delivery, std::size_t length) {
  std::string head = "HTTP/1.1 " + std::to_string(delivery.status) + " \r\n";
  for (const Header& header : delivery.headers) {
    std::string line = header.name + ": " + header.value;
    std::ranges::replace_if(
        line, [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
    head.append(line).append("\r\n");
  }
  return head.append("Content-Length: ").append(std::to_string(length)).append("\r\n\r\n");
}

}  // namespace mimus::server
