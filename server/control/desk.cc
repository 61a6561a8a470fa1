#include "server/control/desk.h"

#include "api/json_writer.h"

namespace mimus::server {

Delivery control_reply(int status, std::string body) {
  Delivery delivery;
  delivery.status = status;
  delivery.headers = {{"content-type", "application/json"}};
  delivery.body = std::move(body) + "\n";
  return delivery;
}

Delivery control_error(int status, const Error& error) {
  std::string body;
  JsonWriter writer(body);
  writer.object().key("error").object().member("message", error.message);
  if (!error.where.empty()) writer.member("where", error.where);
  writer.end_object().end_object();
  return control_reply(status, std::move(body));
}

Delivery control_error(int status, std::string_view message) {
  return control_error(status, Error{Errc::BadInput, std::string(message), ""});
}

}  // namespace mimus::server
