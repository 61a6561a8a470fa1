#include "server/transport/wire.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <thread>

namespace mimus::server {

#if defined(MSG_NOSIGNAL)
constexpr int kSendFlags = MSG_NOSIGNAL;
#else
constexpr int kSendFlags = 0;  // httplib::Server ignores SIGPIPE
#endif

Wire::Wire(int socket, SSL_CTX* tls)
    : socket_(socket), wanted_(POLLIN), ssl_(tls != nullptr ? SSL_new(tls) : nullptr, &SSL_free) {
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::fcntl(socket_, F_SETFL, ::fcntl(socket_, F_GETFL, 0) | O_NONBLOCK);
  ::fcntl(socket_, F_SETFD, FD_CLOEXEC);
  if (!ssl_) return;
  SSL_set_mode(ssl_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_set_fd(ssl_.get(), socket_);
  SSL_set_accept_state(ssl_.get());
}

Wire::Wire(int socket, SSL_CTX* tls, const std::string& server) : Wire(socket, tls) {
  if (!ssl_) return;
  SSL_set_connect_state(ssl_.get());
  in6_addr address;
  const bool is_address =
      ::inet_pton(AF_INET, server.c_str(), &address) == 1 || ::inet_pton(AF_INET6, server.c_str(), &address) == 1;
  if (is_address) {  // RFC 6066, 3: addresses are not sent as the server's name
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), server.c_str());
  } else {
    SSL_set1_host(ssl_.get(), server.c_str());
    SSL_set_tlsext_host_name(ssl_.get(), server.c_str());
  }
}

Wire::~Wire() {
  ::close(socket_);
}

std::ptrdiff_t Wire::read(char* into, std::size_t size) {
  wanted_ = POLLIN;
  if (ssl_) {
    ERR_clear_error();
    return outcome(SSL_read(ssl_.get(), into, static_cast<int>(size)));
  }
  const ssize_t n = ::recv(socket_, into, size, 0);
  if (n >= 0) return n;
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? kAgain : kLost;
}

std::ptrdiff_t Wire::write(std::string_view bytes) {
  wanted_ = POLLOUT;
  if (ssl_) {
    constexpr std::size_t kMost = std::size_t{1} << 30;
    ERR_clear_error();
    const std::ptrdiff_t n =
        outcome(SSL_write(ssl_.get(), bytes.data(), static_cast<int>(std::min(bytes.size(), kMost))));
    return n == kEnd ? kLost : n;
  }
  const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), kSendFlags);
  if (n >= 0) return n;
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? kAgain : kLost;
}

std::ptrdiff_t Wire::outcome(int result) {
  if (result > 0) return result;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      wanted_ = POLLIN;
      return kAgain;
    case SSL_ERROR_WANT_WRITE:
      wanted_ = POLLOUT;
      return kAgain;
    case SSL_ERROR_ZERO_RETURN:
      return kEnd;
    default:
      tls_error_ = ERR_peek_error();
      return kLost;
  }
}

Wire::Ready Wire::wait_readable(int wake, MonotonicTime until, bool reads) {
  if (reads && ssl_ && SSL_pending(ssl_.get()) > 0) return {.socket = true};
  return wait(wake, until, reads ? POLLIN : short{0});
}

Wire::Ready Wire::wait(int wake, MonotonicTime until, short events) const {
  using std::chrono::milliseconds;
  const auto left = until - std::chrono::steady_clock::now();
  if (left > MonotonicTime::duration::zero() && left < milliseconds(1)) {  // finer than poll() can
    std::this_thread::sleep_for(left);
    return {};
  }
  const auto whole = std::chrono::duration_cast<milliseconds>(
      std::clamp<MonotonicTime::duration>(left, milliseconds(0), std::chrono::hours(1)));
  pollfd fds[2] = {{socket_, events, 0}, {wake, POLLIN, 0}};
  if (::poll(fds, 2, static_cast<int>(whole.count())) <= 0) return {};
  return {.socket = fds[0].revents != 0, .wake = fds[1].revents != 0};
}

std::string Wire::tls_trouble() const {
  if (!ssl_ || tls_error_ == 0) return {};
  const long verdict = SSL_get_verify_result(ssl_.get());
  if (verdict != X509_V_OK) {
    return std::string("its certificate is not accepted: ") + X509_verify_cert_error_string(verdict);
  }
  const char* reason = ERR_reason_error_string(tls_error_);
  return reason == nullptr ? "" : std::string("TLS failed: ") + reason;
}

void Wire::finish() {
  if (ssl_ && SSL_is_init_finished(ssl_.get()) == 1) SSL_shutdown(ssl_.get());
  cut();
}

void Wire::cut() {
  ::shutdown(socket_, SHUT_WR);
}

void Wire::reset() {
  const linger hard{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

}  // namespace mimus::server
