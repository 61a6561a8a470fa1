#include "server/endpoints/json_body.h"

#include "server/dialect/rule_texts.h"
#include "server/endpoints/content_type.h"
#include "server/endpoints/endpoint.h"

namespace mimus::server {

Result<std::shared_ptr<const JsonDocument>, Refusal> read_json_body(std::string_view body, const Endpoint& endpoint) {
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) return Refusal{"empty_body", {}};
  auto document = parse_json(body);
  if (!document) return Refusal{"invalid_json", {}};
  const Json root = document->root();
  if (!root.is_object()) return Refusal{"body_not_object", {{"found", found_text(root.kind())}}};
  if (auto refusal = endpoint.rules.check(root)) return std::move(*refusal);
  return std::make_shared<const JsonDocument>(std::move(*document));
}

Result<std::shared_ptr<const JsonDocument>, Refusal> read_json_request(const Exchange& exchange) {
  if (auto refusal = check_json_content_type(exchange.http.header("content-type"))) return std::move(*refusal);
  return read_json_body(exchange.http.body, exchange.endpoint);
}

}  // namespace mimus::server
