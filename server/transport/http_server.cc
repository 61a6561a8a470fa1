#include "server/transport/http_server.h"

#include <sys/resource.h>

#include "server/transport/executors.h"

namespace mimus::server {
namespace {

// Each connection is a descriptor, and the usual soft limit is 1024.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);  // best effort: without it, accepting pauses earlier
}

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::start(TransportOptions options, Handler handler) {
  const bool wants_tls = !options.tls_cert.empty() || !options.tls_key.empty();
  if (wants_tls && (options.tls_cert.empty() || options.tls_key.empty())) {
    return Error{Errc::BadInput, "TLS needs both a certificate and a key", options.tls_cert + options.tls_key};
  }
  if (wants_tls && options.executor == Executor::Reactor) {
    return Error{Errc::BadInput, "the reactor speaks plain HTTP only; TLS needs the thread executor", options.tls_cert};
  }
  raise_descriptor_limit();
  return options.executor == Executor::Reactor ? start_reactors(std::move(options), std::move(handler))
                                               : start_threads(std::move(options), std::move(handler));
}

}  // namespace mimus::server
