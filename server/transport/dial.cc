#include "server/transport/dial.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace mimus::server {
namespace {

// 0, or the errno that tells why the connection did not come about.
int finish_connecting(int socket, MonotonicTime deadline, int cancel) {
  using std::chrono::milliseconds;
  const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
  pollfd fds[2] = {{socket, POLLOUT, 0}, {cancel, POLLIN, 0}};
  const int ready = ::poll(fds, 2, static_cast<int>(std::clamp<milliseconds::rep>(left.count(), 0, 3'600'000)));
  if (ready < 0) return errno;
  if (fds[1].revents != 0) return ECANCELED;
  if (ready == 0) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

// The socket, or minus the errno.
int connect_to(const addrinfo& address, MonotonicTime deadline, int cancel) {
  const int socket = ::socket(address.ai_family, address.ai_socktype, address.ai_protocol);
  if (socket < 0) return -errno;
  ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL, 0) | O_NONBLOCK);
  ::fcntl(socket, F_SETFD, FD_CLOEXEC);
  int error = ::connect(socket, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
  if (error == EINPROGRESS) error = finish_connecting(socket, deadline, cancel);
  if (error == 0) return socket;
  ::close(socket);
  return -error;
}

}  // namespace

Result<int> dial(const std::string& host, int port, MonotonicTime deadline, int cancel) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int problem = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (problem != 0) return Error{Errc::Unavailable, ::gai_strerror(problem), host};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  int last = -ECONNREFUSED;
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    last = connect_to(*address, deadline, cancel);
    if (last >= 0) return last;
  }
  return Error{Errc::Unavailable, std::strerror(-last), host};
}

}  // namespace mimus::server
