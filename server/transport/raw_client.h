// A client for tests that sends and sees bytes as they are. Every wait ends after ten seconds at most.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

namespace mimus::server {

class RawClient {
 public:
  explicit RawClient(int port, int receive_buffer = 0) : RawClient(receive_buffer, nullptr) { connect(port); }
  // Has its descriptor, but no connection yet.
  static RawClient unconnected() { return RawClient(0, nullptr); }
  void connect(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    is_connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~RawClient() { close(); }
  RawClient(RawClient&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), is_connected_(other.is_connected_), kept_(std::move(other.kept_)) {}
  RawClient& operator=(RawClient&&) = delete;

  [[nodiscard]] bool is_connected() const { return is_connected_; }

  // False when the other side is gone.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  void send_end() { ::shutdown(socket_, SHUT_WR); }
  void close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }

  // Everything up to and with `mark`; what came when the connection ended before.
  std::string read_to(std::string_view mark) {
    std::size_t at = kept_.find(mark);
    while (at == std::string::npos && receive() > 0) at = kept_.find(mark);
    return take(at == std::string::npos ? kept_.size() : at + mark.size());
  }
  std::string read(std::size_t size) {
    while (kept_.size() < size && receive() > 0) {
    }
    return take(std::min(size, kept_.size()));
  }

  struct Rest {
    std::string bytes;
    std::string end;  // "FIN", "RST", "nothing" after ten seconds
  };
  Rest read_rest() {
    ssize_t n = 1;
    while (n > 0) n = receive();
    const std::string end = n == 0 ? "FIN" : errno == ECONNRESET ? "RST" : "nothing";
    return {take(kept_.size()), end};
  }

  // One reply with a Content-Length, or a chunked one with its framing.
  std::string read_reply() {
    std::string reply = read_to("\r\n\r\n");
    const std::size_t at = reply.find("Content-Length: ");
    if (at != std::string::npos) {
      reply += read(static_cast<std::size_t>(std::stoul(reply.substr(at + 16))));
    } else if (reply.find("Transfer-Encoding: chunked") != std::string::npos) {
      reply += read_to("0\r\n\r\n");
    }
    return reply;
  }

 private:
  RawClient(int receive_buffer, std::nullptr_t) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{10, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (receive_buffer > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ssize_t receive() {
    char bytes[16384];
    const ssize_t n = ::recv(socket_, bytes, sizeof bytes, 0);
    if (n > 0) kept_.append(bytes, static_cast<std::size_t>(n));
    return n;
  }
  std::string take(std::size_t size) {
    std::string taken = kept_.substr(0, size);
    kept_.erase(0, size);
    return taken;
  }

  int socket_;
  bool is_connected_ = false;
  std::string kept_;
};

}  // namespace mimus::server
