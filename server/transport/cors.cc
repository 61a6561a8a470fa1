#include "server/transport/cors.h"

namespace mimus::server {

bool is_preflight(const HttpRequest& request) {
  return request.method == "OPTIONS" && !request.header("origin").empty() &&
         !request.header("access-control-request-method").empty();
}

Delivery preflight_reply(const HttpRequest& request) {
  Delivery delivery;
  delivery.status = 204;
  delivery.headers = {{"Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS"},
                      {"Access-Control-Max-Age", "86400"}};
  // By name, since "*" does not cover Authorization.
  const std::string_view asked = request.header("access-control-request-headers");
  if (!asked.empty()) delivery.headers.push_back({"Access-Control-Allow-Headers", std::string(asked)});
  return delivery;
}

}  // namespace mimus::server
