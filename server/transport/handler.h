// What the transport needs of the server behind it: somebody who answers requests.
#pragma once

#include <functional>

#include "server/delivery.h"
#include "server/http_request.h"

namespace mimus::server {

// Takes the answer to one request. May be called at once (the usual case) or later from any thread; exactly once.
// A call for a connection that is gone by then is harmless.
using Respond = std::function<void(Delivery)>;

// Answers a request. Runs on a thread of the transport, so it never blocks or sleeps; several run at a time.
using Handler = std::function<void(const HttpRequest&, Respond)>;

}  // namespace mimus::server
