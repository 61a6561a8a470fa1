// The only contact with the parts of cpp-httplib that are protected, private or differ between its releases.
// Compiles from 0.11 on: differences are found by asking the compiler, never by version numbers.
//   Server::process_request   0.11: (stream, close, closed, setup); since 0.18 with both addresses behind the stream
//   TaskQueue::enqueue        returns nothing; since 0.15 bool
//   Stream                    members came and went: all of them are declared here, none with `override`
//   process_and_close_socket  private and virtual in all of them; overridden with `override`, so a rename cannot pass
// Not thread-safe: one Stream, one thread; process_request of one Server may run on several threads.
#pragma once

#include <httplib.h>

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

// Without the flags of the package, the classes have another layout than in its library: no link error, wrong memory.
#if !defined(CPPHTTPLIB_OPENSSL_SUPPORT)
#error "httplib.h needs the flags of its pkg-config file: link PkgConfig::HTTPLIB"
#endif

namespace mimus::server::compat {

// Lets httplib read a request from memory. What it writes is thrown away, but for the status.
class MemoryStream final : public httplib::Stream {
 public:
  explicit MemoryStream(std::string_view request) : rest_(request) {}

  // The status of what httplib answered; 0 when it said nothing.
  [[nodiscard]] int status() const {
    constexpr std::size_t kAt = 9;  // "HTTP/1.1 404 "
    if (answer_size_ < kAt + 3) return 0;
    return (answer_[kAt] - '0') * 100 + (answer_[kAt + 1] - '0') * 10 + (answer_[kAt + 2] - '0');
  }

  bool is_readable() const { return true; }
  bool is_writable() const { return true; }
  bool wait_readable() const { return true; }
  bool wait_writable() const { return true; }
  bool is_peer_alive() const { return true; }
  time_t duration() const { return 0; }
  void set_read_timeout(time_t, time_t = 0) {}
  ssize_t read(char* into, size_t size) {
    const std::string_view part = rest_.substr(0, size);
    part.copy(into, part.size());
    rest_.remove_prefix(part.size());
    return static_cast<ssize_t>(part.size());
  }
  ssize_t write(const char* bytes, size_t size) {
    const std::string_view part(bytes, std::min(size, sizeof answer_ - answer_size_));
    part.copy(answer_ + answer_size_, part.size());
    answer_size_ += part.size();
    return static_cast<ssize_t>(size);
  }
  const char* buffered_data(size_t& size) const {
    size = rest_.size();
    return rest_.data();
  }
  void consume_buffered(size_t size) { rest_.remove_prefix(std::min(size, rest_.size())); }
  void get_remote_ip_and_port(std::string& ip, int& port) const { ip.clear(), port = 0; }
  void get_local_ip_and_port(std::string& ip, int& port) const { ip.clear(), port = 0; }
  socket_t socket() const { return 0; }

 private:
  std::string_view rest_;
  char answer_[16];
  std::size_t answer_size_ = 0;
};

template <class Signature>
struct ReturnOf;
template <class R, class C, class... A>
struct ReturnOf<R (C::*)(A...)> {
  using type = R;
};
using EnqueueReturn = ReturnOf<decltype(&httplib::TaskQueue::enqueue)>::type;

// Runs each task at once, on the thread that enqueues it: the accepting one.
class InlineQueue final : public httplib::TaskQueue {
 public:
  EnqueueReturn enqueue(std::function<void()> task) override {
    task();
    return EnqueueReturn(true);
  }
  void shutdown() override {}
};

// `Base` is httplib::Server or httplib::SSLServer. Accepted sockets go to `on_socket`, which owns them from then on.
template <class Base>
class OpenServer : public Base {
 public:
  template <class... Args>
  explicit OpenServer(std::function<void(socket_t)> on_socket, Args&&... args)
      : Base(std::forward<Args>(args)...), on_socket_(std::move(on_socket)) {
    this->new_task_queue = [] { return new InlineQueue; };  // httplib deletes it
  }

  // Lets httplib parse and route one request. The connection is not its business, so it is told to close.
  bool process(httplib::Stream& stream) { return process_as(*this, stream, 0); }

  // Once bound. httplib's queue of connections is 5 long: a burst of clients would wait for their SYN to be repeated.
  void lengthen_queue() { ::listen(this->svr_sock_, 4096); }
  [[nodiscard]] socket_t listening_socket() const { return this->svr_sock_; }

 private:
  template <class Server>
  static auto process_as(Server& server, httplib::Stream& stream, int)
      -> decltype(server.OpenServer::process_request(stream, true, std::declval<bool&>(), nullptr)) {
    bool closed = false;
    return server.OpenServer::process_request(stream, true, closed, nullptr);
  }
  template <class Server>
  static auto process_as(Server& server, httplib::Stream& stream, long)
      -> decltype(server.OpenServer::process_request(stream, std::string(), 0, std::string(), 0, true,
                                                     std::declval<bool&>(), nullptr)) {
    bool closed = false;
    return server.OpenServer::process_request(stream, std::string(), 0, std::string(), 0, true, closed, nullptr);
  }

  bool process_and_close_socket(socket_t socket) override {
    on_socket_(socket);
    return true;
  }

  std::function<void(socket_t)> on_socket_;
};

}  // namespace mimus::server::compat
