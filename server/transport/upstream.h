// A real API, as a client sees it: one request over a connection of its own, the reply handed on as it arrives.
// Blocks, so it is for threads that may. POSIX only. Thread-safe: exchanges do not know of each other.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/header.h"
#include "api/result.h"
#include "server/transport/response_scanner.h"
#include "server/transport/wake_pipe.h"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace mimus::server {

struct UpstreamOptions {
  bool tls = false;
  std::string host;  // a name, or an address without brackets
  int port = 0;
  std::string ca_file;  // PEM, trusted instead of the system's; empty: the system's
  std::chrono::milliseconds connect_deadline{10'000};
  std::chrono::milliseconds silence_deadline{600'000};  // between two arrivals of bytes
};

struct UpstreamRequest {
  std::string method;
  std::string target;           // "/v1/chat/completions?a=b"
  std::vector<Header> headers;  // without Host, Content-Length and Connection, which are added
  std::string body;
};

// Called on the thread of the exchange, in the order of arrival.
struct UpstreamEvents {
  std::function<void(const UpstreamHead&)> on_head;
  std::function<void(std::string)> on_piece;
};

// Why there is no reply, or not all of one. The message follows the name of the upstream.
struct UpstreamFailure {
  enum class Kind { Unreachable, Broken, Timeout, Cancelled };
  Kind kind = Kind::Broken;
  std::string message;
};

class Upstream {
 public:
  // Does not connect. Errors: the CA file cannot be read.
  static Result<Upstream> create(UpstreamOptions options);

  // Sends `request` and hands the reply on until it is complete. `cancel`, once woken, ends it early.
  Result<Done, UpstreamFailure> exchange(const UpstreamRequest& request, const UpstreamEvents& events,
                                         const WakePipe& cancel) const;

  // "https://api.example:443", for messages.
  [[nodiscard]] std::string name() const;

 private:
  Upstream(UpstreamOptions options, std::shared_ptr<ssl_ctx_st> tls)
      : options_(std::move(options)), tls_(std::move(tls)) {}
  [[nodiscard]] std::string encode(const UpstreamRequest& request) const;

  UpstreamOptions options_;
  std::shared_ptr<ssl_ctx_st> tls_;  // null: plain TCP. Shared: copies of an Upstream are alike
};

}  // namespace mimus::server
