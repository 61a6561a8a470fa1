#include "server/transport/executors.h"

namespace mimus::server {

Result<std::unique_ptr<HttpServer>> start_threads(TransportOptions options, Handler handler) {
  (void)options, (void)handler;
  return Error{Errc::BadInput, "the thread executor is not built yet", ""};
}

}  // namespace mimus::server
