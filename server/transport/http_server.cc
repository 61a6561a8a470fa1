#include "server/transport/http_server.h"

#include "api/descriptors.h"
#include "server/transport/executors.h"

namespace mimus::server {

Result<std::unique_ptr<HttpServer>> HttpServer::start(TransportOptions options, Handler handler) {
  const bool wants_tls = !options.tls_cert.empty() || !options.tls_key.empty();
  if (wants_tls && (options.tls_cert.empty() || options.tls_key.empty())) {
    return Error{Errc::BadInput, "TLS needs both a certificate and a key", options.tls_cert + options.tls_key};
  }
  if (wants_tls && options.executor == Executor::Reactor) {
    return Error{Errc::BadInput, "the reactor speaks plain HTTP only; TLS needs the thread executor", options.tls_cert};
  }
  reserve_descriptors(options.max_connections);
  return options.executor == Executor::Reactor ? start_reactors(std::move(options), std::move(handler))
                                               : start_threads(std::move(options), std::move(handler));
}

}  // namespace mimus::server
