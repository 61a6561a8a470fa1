// The thread on which httplib accepts connections; what it accepts goes to a function.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include "server/transport/front.h"
#include "server/transport/receive.h"

namespace mimus::server {

template <class Base>  // httplib::Server or httplib::SSLServer
class Acceptor {
 public:
  template <class... Args>
  explicit Acceptor(std::function<void(int)> on_socket, Args&&... args)
      : server_(std::move(on_socket), std::forward<Args>(args)...) {
    server_.set_pre_routing_handler(hand_over);
    // What httplib would answer is thrown away; without headers it is not worth the work of writing them.
    server_.set_post_routing_handler([](const httplib::Request&, httplib::Response& reply) { reply.headers.clear(); });
  }
  ~Acceptor() { stop(); }

  compat::OpenServer<Base>& server() { return server_; }

  // What is accepted tells when its bytes came (receive.h). Before start().
  void wish_stamps() { stamps_ = true; }

  // The port. Connections queue from here on, even before the thread runs.
  Result<int> start(const std::string& host, int port) {
    const Result<int> bound = bind_server(server_, host, port);
    if (!bound) return bound;
    prepare();
    thread_ = std::thread([this, host, at = *bound] { accept(host, at); });
    return bound;
  }

  // No connection is accepted any more once it returns.
  void stop() {
    is_stopping_ = true;
    while (thread_.joinable() && !is_over_) {  // httplib cannot be stopped before it runs
      if (server_.is_running()) server_.stop();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    if (thread_.joinable()) thread_.join();
  }

 private:
  void prepare() {
    server_.lengthen_queue();
    if (stamps_) stamp_arrivals(server_.listening_socket());
  }

  // httplib waits a moment when descriptors run out, but gives up on the rarer errors of accept(): then anew.
  void accept(const std::string& host, int port) {
    server_.listen_after_bind();
    while (!is_stopping_) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      if (!bind_server(server_, host, port)) continue;
      prepare();
      server_.listen_after_bind();
    }
    is_over_ = true;
  }

  compat::OpenServer<Base> server_;
  bool stamps_ = false;
  std::atomic<bool> is_stopping_{false};
  std::atomic<bool> is_over_{false};
  std::thread thread_;
};

}  // namespace mimus::server
