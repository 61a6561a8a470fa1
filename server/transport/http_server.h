// The transport as the rest of the server sees it: start it with a Handler, and it answers HTTP on a port.
// start() and stop() belong to one thread; port() and counters() are for any.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "api/result.h"
#include "server/transport/handler.h"
#include "server/transport/request_scanner.h"

namespace mimus::server {

enum class Executor {
  Reactor,  // Linux, plain TCP: a few threads, each an epoll loop with thousands of connections
  Threads,  // anywhere, and TLS: a thread per connection
};

struct TransportOptions {
  std::string host = "127.0.0.1";
  int port = 0;      // 0: a free one
  int reactors = 0;  // 0: one per core, at most 4
  RequestLimits limits;
  std::size_t max_connections = 16384;              // more are answered 503
  std::chrono::milliseconds head_deadline{15000};   // from the first byte of a request to the end of its head: else 408
  std::chrono::milliseconds body_deadline{120000};  // from there to the end of the body: else 408
  std::chrono::milliseconds idle_deadline{75000};   // between requests, and for a client that stops reading
  std::chrono::milliseconds hang_deadline{600000};  // how long Ending::Hang hangs
  bool cors = true;  // pages of any site may call: answers preflights, marks replies to requests with an Origin
  Executor executor = Executor::Reactor;
  std::string tls_cert;  // PEM files; both or none. TLS needs Executor::Threads
  std::string tls_key;
  // Shapes what the transport itself refuses (400, 408, 413, 417, 431, 500, 501, 503, 505): from any thread of the
  // transport. Its ending is ignored: the connection closes. Without it: plain text.
  std::function<Delivery(int status, std::string_view reason)> on_error;
};

struct TransportCounters {
  std::uint64_t accepted = 0;  // connections since the start
  std::uint64_t open = 0;      // now
  std::uint64_t requests = 0;  // complete ones, since the start
  std::uint64_t refused = 0;   // requests and connections that the transport refused
  std::uint64_t bytes_out = 0;
};

class HttpServer {
 public:
  // Serves as soon as it returns. Errc::Io: the port is taken or no such address; Errc::BadInput: certificate or key
  // cannot be used, or the executor cannot do what is asked.
  static Result<std::unique_ptr<HttpServer>> start(TransportOptions options, Handler handler);

  // Stops accepting, lets replies under way finish for at most `grace`, cuts the rest. Returns when all is closed and
  // no handler runs any more. Called by the destructor with no grace.
  virtual void stop(std::chrono::milliseconds grace) = 0;
  virtual ~HttpServer() = default;

  [[nodiscard]] virtual int port() const = 0;
  [[nodiscard]] virtual TransportCounters counters() const = 0;
};

}  // namespace mimus::server
