// What browsers ask before a page of one site may call a server of another (Fetch standard, 3.2). Pure.
#pragma once

#include "server/delivery.h"
#include "server/http_request.h"

namespace mimus::server {

// OPTIONS with an Origin and the method that is meant: a question, not a request.
bool is_preflight(const HttpRequest& request);
// Yes, whatever was asked for. The origin itself is allowed where every reply gets that header.
Delivery preflight_reply(const HttpRequest& request);

}  // namespace mimus::server
