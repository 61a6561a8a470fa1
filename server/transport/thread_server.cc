#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <set>
#include <system_error>

#include "server/transport/acceptor.h"
#include "server/transport/executors.h"
#include "server/transport/thread_connection.h"

namespace mimus::server {
namespace {

template <class Base>
class ThreadServer final : public HttpServer {
 public:
  template <class... Args>
  explicit ThreadServer(TransportOptions options, Handler handler, Args... args)
      : shared_(std::move(options), std::move(handler)), acceptor_([this](int socket) { adopt(socket); }, args...) {}
  ~ThreadServer() override { stop(std::chrono::milliseconds(0)); }

  Result<Done> start() {
    if (!acceptor_.server().is_valid()) {
      return Error{Errc::BadInput, "certificate and key cannot be used together",
                   shared_.options.tls_cert + ", " + shared_.options.tls_key};
    }
    const Result<int> port = acceptor_.start(shared_.options.host, shared_.options.port);
    if (!port) return port.error();
    port_ = *port;
    return Done{};
  }

  void stop(std::chrono::milliseconds grace) override {
    acceptor_.stop();
    const MonotonicTime deadline = std::chrono::steady_clock::now() + grace;
    counters_.stop_at = std::max<MonotonicTime::rep>(deadline.time_since_epoch().count(), 1);
    std::unique_lock lock(mutex_);
    for (ThreadConnection* connection : connections_) connection->wake();
    all_gone_.wait(lock, [this] { return threads_ == 0; });
  }

  [[nodiscard]] int port() const override { return port_; }
  [[nodiscard]] TransportCounters counters() const override {
    return {shared_.accepted, shared_.open, counters_.requests, shared_.refused, counters_.bytes_out};
  }

 private:
  // On the accepting thread. Beyond the limit a few more get a polite refusal, the others none.
  void adopt(int socket) {
    constexpr std::uint64_t kRefusedPolitely = 16;
    shared_.accepted.fetch_add(1);
    const std::uint64_t open = shared_.open.fetch_add(1);
    const std::uint64_t most = shared_.options.max_connections;
    if (open < most + kRefusedPolitely && run_thread(socket, open >= most)) return;
    shared_.open.fetch_sub(1);
    shared_.refused.fetch_add(1);
    ::close(socket);
  }

  bool run_thread(int socket, bool is_refused) {
    const std::lock_guard lock(mutex_);
    try {
      std::thread([this, socket, is_refused] { serve(socket, is_refused); }).detach();
    } catch (const std::system_error&) {  // no more threads
      return false;
    }
    ++threads_;
    return true;
  }

  void serve(int socket, bool is_refused) {
    {
      ThreadConnection connection(shared_, counters_, socket, tls(),
                                  [this](httplib::Stream& s) { return acceptor_.server().process(s); });
      note(connection, true);
      connection.run(is_refused);
      note(connection, false);
    }
    shared_.open.fetch_sub(1);
    const std::lock_guard lock(mutex_);
    --threads_;
    all_gone_.notify_all();
  }

  void note(ThreadConnection& connection, bool is_there) {
    const std::lock_guard lock(mutex_);
    if (is_there) {
      connections_.insert(&connection);
    } else {
      connections_.erase(&connection);
    }
  }

  SSL_CTX* tls() {
    if constexpr (std::is_same_v<Base, httplib::SSLServer>) {
      return static_cast<SSL_CTX*>(acceptor_.server().ssl_context());
    } else {
      return nullptr;
    }
  }

  Shared shared_;
  ThreadCounters counters_;
  Acceptor<Base> acceptor_;
  std::mutex mutex_;
  std::condition_variable all_gone_;
  std::set<ThreadConnection*> connections_;
  std::size_t threads_ = 0;
  int port_ = 0;
};

template <class Server>
Result<std::unique_ptr<HttpServer>> started(std::unique_ptr<Server> server) {
  const Result<Done> done = server->start();
  if (!done) return done.error();
  return std::unique_ptr<HttpServer>(std::move(server));
}

}  // namespace

Result<std::unique_ptr<HttpServer>> start_threads(TransportOptions options, Handler handler) {
  if (options.tls_cert.empty()) {
    return started(std::make_unique<ThreadServer<httplib::Server>>(std::move(options), std::move(handler)));
  }
  const std::string cert = options.tls_cert;
  const std::string key = options.tls_key;
  return started(std::make_unique<ThreadServer<httplib::SSLServer>>(std::move(options), std::move(handler),
                                                                    cert.c_str(), key.c_str()));
}

}  // namespace mimus::server
