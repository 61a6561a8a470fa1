// Endpoints about mimus itself, under /_mimus/. They are no part of any vendor's API.
#pragma once

#include <string_view>

#include "server/delivery.h"
#include "server/http_request.h"
#include "server/services.h"

namespace mimus::server {

bool is_control_path(std::string_view path);

Delivery answer_control(const HttpRequest& http, const Services& services);

}  // namespace mimus::server
