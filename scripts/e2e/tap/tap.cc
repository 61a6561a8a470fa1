// Test only, Linux: preloaded into a server (LD_PRELOAD), writes down what passes through the connections that it
// accepts, in plain text also where they are TLS, without touching them. MIMUS_TAP names the file; what is appended:
//   "CONNECTION in|out|end LENGTH\n", then LENGTH bytes      connections count from 1
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <mutex>

namespace {

constexpr int kMostSockets = 65'536;
std::array<std::atomic<int>, kMostSockets> connections;  // by socket; 0: none that was accepted
std::atomic<int> accepted{0};
std::mutex writing;

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

int tap_file() {
  static const int file = [] {
    const char* name = std::getenv("MIMUS_TAP");
    return name == nullptr ? -1 : ::open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  }();
  return file;
}

void put(const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t n = ::write(tap_file(), bytes, size);
    if (n <= 0) std::abort();  // a record with a hole would be judged as what was sent
    bytes += n;
    size -= static_cast<std::size_t>(n);
  }
}

void note(int socket, const char* what, const void* bytes, std::size_t size) {
  if (socket < 0 || socket >= kMostSockets || tap_file() < 0) return;
  const int connection = connections[static_cast<std::size_t>(socket)];
  if (connection == 0) return;
  char head[64];
  const int length = std::snprintf(head, sizeof head, "%d %s %zu\n", connection, what, size);
  const std::lock_guard guard(writing);
  put(head, static_cast<std::size_t>(length));
  put(static_cast<const char*>(bytes), size);
}

int opened(int socket) {
  if (socket >= 0 && socket < kMostSockets) connections[static_cast<std::size_t>(socket)] = ++accepted;
  return socket;
}

int socket_of(const void* ssl) {
  static const auto real = next<int (*)(const void*)>("SSL_get_fd");
  return real(ssl);
}

}  // namespace

// Named as in the libraries that these stand in front of.
extern "C" {

int accept(int listener, sockaddr* address, socklen_t* length) {
  static const auto real = next<decltype(&accept)>("accept");
  return opened(real(listener, address, length));
}

int accept4(int listener, sockaddr* address, socklen_t* length, int flags) {
  static const auto real = next<decltype(&accept4)>("accept4");
  return opened(real(listener, address, length, flags));
}

int close(int socket) {
  static const auto real = next<decltype(&close)>("close");
  note(socket, "end", "", 0);
  if (socket >= 0 && socket < kMostSockets) connections[static_cast<std::size_t>(socket)] = 0;
  return real(socket);
}

ssize_t recv(int socket, void* into, size_t size, int flags) {
  static const auto real = next<decltype(&recv)>("recv");
  const ssize_t n = real(socket, into, size, flags);
  if (n > 0 && (flags & MSG_PEEK) == 0) note(socket, "in", into, static_cast<std::size_t>(n));
  return n;
}

ssize_t recvmsg(int socket, msghdr* message, int flags) {
  static const auto real = next<decltype(&recvmsg)>("recvmsg");
  const ssize_t n = real(socket, message, flags);
  if (n <= 0 || (flags & MSG_PEEK) != 0) return n;
  auto left = static_cast<std::size_t>(n);
  for (std::size_t i = 0; i < message->msg_iovlen && left > 0; ++i) {
    const iovec& part = message->msg_iov[i];
    const std::size_t size = std::min(left, part.iov_len);
    note(socket, "in", part.iov_base, size);
    left -= size;
  }
  return n;
}

ssize_t send(int socket, const void* bytes, size_t size, int flags) {
  static const auto real = next<decltype(&send)>("send");
  const ssize_t n = real(socket, bytes, size, flags);
  if (n > 0) note(socket, "out", bytes, static_cast<std::size_t>(n));
  return n;
}

int SSL_read(void* ssl, void* into, int size) {
  static const auto real = next<decltype(&SSL_read)>("SSL_read");
  const int n = real(ssl, into, size);
  if (n > 0) note(socket_of(ssl), "in", into, static_cast<std::size_t>(n));
  return n;
}

int SSL_read_ex(void* ssl, void* into, size_t size, size_t* read) {
  static const auto real = next<decltype(&SSL_read_ex)>("SSL_read_ex");
  const int ok = real(ssl, into, size, read);
  if (ok > 0) note(socket_of(ssl), "in", into, *read);
  return ok;
}

int SSL_write(void* ssl, const void* bytes, int size) {
  static const auto real = next<decltype(&SSL_write)>("SSL_write");
  const int n = real(ssl, bytes, size);
  if (n > 0) note(socket_of(ssl), "out", bytes, static_cast<std::size_t>(n));
  return n;
}

int SSL_write_ex(void* ssl, const void* bytes, size_t size, size_t* written) {
  static const auto real = next<decltype(&SSL_write_ex)>("SSL_write_ex");
  const int ok = real(ssl, bytes, size, written);
  if (ok > 0) note(socket_of(ssl), "out", bytes, *written);
  return ok;
}

}  // extern "C"
