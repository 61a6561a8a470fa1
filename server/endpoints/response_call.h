// The Call in the body of POST /responses, without its messages: those come from items, of this request and of ones
// before. Pure and thread-safe.
#pragma once

#include <memory>

#include "server/call.h"

namespace mimus::server {

// Of a body that passed the rules. Tools that the vendor runs itself (web_search, mcp ...) are left out: mimus runs
// none. Views point into `body`, which the Call keeps.
Call read_response_call(std::shared_ptr<const JsonDocument> body);

}  // namespace mimus::server
