#include "server/control/control.h"

#include <array>

#include "api/json_writer.h"

namespace mimus::server {
namespace {

constexpr std::string_view kPrefix = "/_mimus/";

Delivery json_delivery(int status, std::string body) {
  Delivery delivery;
  delivery.status = status;
  delivery.headers = {{"content-type", "application/json"}};
  delivery.body = std::move(body);
  return delivery;
}

Delivery refuse(int status, std::string_view message) {
  std::string body;
  JsonWriter(body).object().key("error").object().member("message", message).end_object().end_object();
  return json_delivery(status, body + "\n");
}

// Answers as soon as the server serves at all: the sign that a test may begin.
Delivery health(const HttpRequest&, const Services&) {
  return json_delivery(200, "{\"status\":\"ok\"}\n");
}

struct ControlRow {
  std::string_view method;
  std::string_view path;  // behind the prefix
  Delivery (*answer)(const HttpRequest&, const Services&);
};

constexpr std::array kRows = {
    ControlRow{"GET", "health", health},
};

}  // namespace

bool is_control_path(std::string_view path) {
  return path.starts_with(kPrefix);
}

Delivery answer_control(const HttpRequest& http, const Services& services) {
  const std::string_view path = http.path.substr(kPrefix.size());
  const std::string_view method = http.method == "HEAD" ? "GET" : http.method;
  bool known_path = false;
  for (const ControlRow& row : kRows) {
    if (row.path != path) continue;
    known_path = true;
    if (row.method == method) return row.answer(http, services);
  }
  if (known_path) return refuse(405, "This control endpoint does not take " + std::string(http.method) + ".");
  return refuse(404, "There is no control endpoint " + std::string(http.path) + ".");
}

}  // namespace mimus::server
