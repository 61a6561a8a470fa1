#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "server/transport/acceptor.h"
#include "server/transport/executors.h"
#include "server/transport/reactor.h"

namespace mimus::server {
namespace {

class ReactorServer final : public HttpServer {
 public:
  ReactorServer(TransportOptions options, Handler handler)
      : shared_(std::move(options), std::move(handler)), acceptor_([this](int socket) { distribute(socket); }) {}
  ~ReactorServer() override { stop(std::chrono::milliseconds(0)); }

  Result<Done> start() {
    const int cores = static_cast<int>(std::thread::hardware_concurrency());
    const int count = shared_.options.reactors > 0 ? shared_.options.reactors : std::clamp(cores, 1, 4);
    for (int i = 0; i < count; ++i) {
      auto reactor = Reactor::start(shared_, [this](httplib::Stream& s) { return acceptor_.server().process(s); });
      if (!reactor) return reactor.error();
      reactors_.push_back(*std::move(reactor));
    }
    acceptor_.wish_stamps();
    const Result<int> port = acceptor_.start(shared_.options.host, shared_.options.port);
    if (!port) return port.error();
    port_ = *port;
    return Done{};
  }

  void stop(std::chrono::milliseconds grace) override {
    acceptor_.stop();
    const MonotonicTime deadline = std::chrono::steady_clock::now() + grace;
    for (const auto& reactor : reactors_) reactor->stop(deadline);
    for (const auto& reactor : reactors_) reactor->join();
  }

  [[nodiscard]] int port() const override { return port_; }

  [[nodiscard]] TransportCounters counters() const override {
    TransportCounters counters{shared_.accepted, shared_.open, 0, shared_.refused, 0};
    for (const auto& reactor : reactors_) {
      counters.requests += reactor->requests();
      counters.bytes_out += reactor->bytes_out();
    }
    return counters;
  }

 private:
  // On the accepting thread. Beyond the limit a few more get a polite refusal from their reactor, the others none.
  void distribute(int socket) {
    constexpr std::uint64_t kRefusedPolitely = 64;
    shared_.accepted.fetch_add(1);
    const int flags = ::fcntl(socket, F_GETFL, 0);
    if (shared_.open.load() >= shared_.options.max_connections + kRefusedPolitely ||
        ::fcntl(socket, F_SETFL, flags | O_NONBLOCK) != 0) {
      shared_.refused.fetch_add(1);
      ::close(socket);
      return;
    }
    ::fcntl(socket, F_SETFD, FD_CLOEXEC);
    shared_.open.fetch_add(1);
    reactors_[next_++ % reactors_.size()]->adopt(socket);
  }

  Shared shared_;
  Acceptor<httplib::Server> acceptor_;
  std::vector<std::unique_ptr<Reactor>> reactors_;
  std::size_t next_ = 0;  // the accepting thread's
  int port_ = 0;
};

}  // namespace

Result<std::unique_ptr<HttpServer>> start_reactors(TransportOptions options, Handler handler) {
  auto server = std::make_unique<ReactorServer>(std::move(options), std::move(handler));
  const Result<Done> started = server->start();
  if (!started) return started.error();
  return std::unique_ptr<HttpServer>(std::move(server));
}

}  // namespace mimus::server
