// The two ways to execute Deliveries; HttpServer::start chooses.
#pragma once

#include "server/transport/http_server.h"

namespace mimus::server {

// Fails where there is no epoll.
Result<std::unique_ptr<HttpServer>> start_reactors(TransportOptions options, Handler handler);
Result<std::unique_ptr<HttpServer>> start_threads(TransportOptions options, Handler handler);

}  // namespace mimus::server
