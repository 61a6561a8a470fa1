#include "server/transport/peer_name.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>

namespace mimus::server {

std::string peer_name(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::getpeername(socket, generic, &size) != 0) return {};
  std::array<char, 64> host{};
  std::array<char, 8> port{};
  if (::getnameinfo(generic, size, host.data(), host.size(), port.data(), port.size(),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return {};
  }
  const bool is_v6 = address.ss_family == AF_INET6;
  return (is_v6 ? "[" : "") + std::string(host.data()) + (is_v6 ? "]:" : ":") + port.data();
}

}  // namespace mimus::server
