// What the control API works with: a request to it, the parts of the server that it looks at and changes, and the shape
// of its answers. One function answers each route; all run on the control thread, one at a time, except those that
// routes.cc calls quick.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/result.h"
#include "server/delivery.h"
#include "server/http_request.h"
#include "server/journal/traffic.h"
#include "server/log.h"
#include "server/services.h"

namespace mimus::server {

struct ControlDesk {
  const Services& services;
  Traffic& traffic;
  Log& log;
};

struct ControlRequest {
  const HttpRequest& http;
  std::string_view id;  // what stands for {id} in the route
};

using ControlAnswer = Delivery (*)(const ControlRequest&, const ControlDesk&);

// `body` is JSON.
Delivery control_reply(int status, std::string body);

// {"error":{"message":..}}, with the place of a wrong member or parameter as "where".
Delivery control_error(int status, const Error& error);
Delivery control_error(int status, std::string_view message);

}  // namespace mimus::server
