// TLS over a Connection, through memory buffers: OpenSSL never touches the socket, so deadlines and the absence of
// SIGPIPE are those of Connection. The peer's certificate must be valid for the host's name.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "conformance/client/connection.h"

struct ssl_st;
struct ssl_ctx_st;

namespace mimus::conformance {

class TlsSession {
 public:
  explicit TlsSession(Connection& connection) : connection_(connection) {}
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  // Empty when the session stands; else why it does not, for people.
  std::string handshake(const Target& target, Deadline deadline);
  IoStatus write(std::string_view bytes, Deadline deadline);
  IoStatus read(std::string& out, Deadline deadline);

 private:
  std::string prepare(const Target& target);
  IoStatus flush(Deadline deadline);   // what OpenSSL wants sent
  IoStatus refill(Deadline deadline);  // what the peer sent, for OpenSSL

  Connection& connection_;
  ssl_ctx_st* context_ = nullptr;
  ssl_st* ssl_ = nullptr;
};

}  // namespace mimus::conformance
