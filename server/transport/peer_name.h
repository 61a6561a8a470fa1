// The other end of a connected socket.
#pragma once

#include <string>

namespace mimus::server {

// "127.0.0.1:53412", "[::1]:53412"; empty when it is gone.
std::string peer_name(int socket);

}  // namespace mimus::server
