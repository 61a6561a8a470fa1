#include "conformance/client/connection.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "conformance/client/tls_session.h"

namespace mimus::conformance {
namespace {

constexpr std::size_t kReadSize = 64 * 1024;

std::string error_text(int code) {
  std::array<char, 128> buffer{};
#ifdef __GLIBC__
  return strerror_r(code, buffer.data(), buffer.size());
#else
  strerror_r(code, buffer.data(), buffer.size());
  return buffer.data();
#endif
}

int milliseconds_until(Deadline deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline.at - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000));
}

IoStatus poll_until(int socket, short events, Deadline deadline) {
  for (;;) {
    std::array<pollfd, 2> entries{{{socket, events, 0}, {deadline.interrupt, POLLIN, 0}}};  // poll passes over -1
    const int ready = poll(entries.data(), entries.size(), milliseconds_until(deadline));
    if (ready > 0) return entries[1].revents != 0 ? IoStatus::TimedOut : IoStatus::Ok;
    if (ready == 0 && std::chrono::steady_clock::now() >= deadline.at) return IoStatus::TimedOut;
    if (ready < 0 && errno != EINTR) return IoStatus::Reset;
  }
}

int open_socket(const addrinfo& address) {
  const int fd = socket(address.ai_family, address.ai_socktype, address.ai_protocol);
  if (fd < 0) return fd;
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
#ifdef SO_NOSIGPIPE
  setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
  return fd;
}

#ifdef MSG_NOSIGNAL
constexpr int kSendFlags = MSG_NOSIGNAL;
#else
constexpr int kSendFlags = 0;
#endif

// 0 when connected, else the errno of the failure.
int connect_until(int fd, const addrinfo& address, Deadline deadline) {
  if (connect(fd, address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (poll_until(fd, POLLOUT, deadline) != IoStatus::Ok) return ETIMEDOUT;
  int code = 0;
  socklen_t size = sizeof code;
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &size);
  return code;
}

}  // namespace

Connection::Connection() = default;

Connection::~Connection() {
  if (socket_ >= 0) close(socket_);
}

Connection::Opened Connection::open(const Target& target, Deadline deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int lookup = getaddrinfo(target.host.c_str(), target.port.c_str(), &hints, &found);
  if (lookup != 0) return {nullptr, Ending::ConnectFailed, target.host + ": " + gai_strerror(lookup)};
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, &freeaddrinfo);

  std::unique_ptr<Connection> connection(new Connection);
  int code = 0;
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    const int fd = open_socket(*address);
    code = fd < 0 ? errno : connect_until(fd, *address, deadline);
    if (code == 0) {
      connection->socket_ = fd;
      break;
    }
    if (fd >= 0) close(fd);
  }
  if (connection->socket_ < 0) return {nullptr, Ending::ConnectFailed, target.authority() + ": " + error_text(code)};
  if (!target.tls) return {std::move(connection), Ending::Complete, ""};

  auto session = std::make_unique<TlsSession>(*connection);
  if (auto problem = session->handshake(target, deadline); !problem.empty()) {
    return {nullptr, Ending::TlsFailed, target.authority() + ": " + problem};
  }
  connection->tls_ = std::move(session);
  return {std::move(connection), Ending::Complete, ""};
}

IoStatus Connection::write(std::string_view bytes, Deadline deadline) {
  return tls_ ? tls_->write(bytes, deadline) : write_plain(bytes, deadline);
}

IoStatus Connection::read(std::string& out, Deadline deadline) {
  return tls_ ? tls_->read(out, deadline) : read_plain(out, deadline);
}

IoStatus Connection::wait(short events, Deadline deadline) const {
  return poll_until(socket_, events, deadline);
}

IoStatus Connection::write_plain(std::string_view bytes, Deadline deadline) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), kSendFlags);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      if (const IoStatus status = wait(POLLOUT, deadline); status != IoStatus::Ok) return status;
    } else if (sent < 0 && errno != EINTR) {
      return IoStatus::Reset;
    }
  }
  return IoStatus::Ok;
}

IoStatus Connection::read_plain(std::string& out, Deadline deadline) {
  for (;;) {
    if (const IoStatus status = wait(POLLIN, deadline); status != IoStatus::Ok) return status;
    const std::size_t before = out.size();
    out.resize(before + kReadSize);
    const ssize_t got = recv(socket_, out.data() + before, kReadSize, 0);
    const int code = errno;
    out.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got > 0) return IoStatus::Ok;
    if (got == 0) return IoStatus::Closed;
    if (code != EAGAIN && code != EWOULDBLOCK && code != EINTR) return IoStatus::Reset;
  }
}

}  // namespace mimus::conformance
