// The first step of every endpoint with a JSON body: bytes that are an object and obey the endpoint's rules.
#pragma once

#include <memory>
#include <string_view>

#include "api/json.h"
#include "api/result.h"
#include "server/dialect/dialect.h"

namespace mimus::server {

struct Exchange;  // server/endpoints/endpoint.h

// Refuses an empty body, anything but JSON (bad UTF-8 and nesting beyond kMaxJsonDepth included), anything but an
// object, and what the endpoint's rules refuse.
Result<std::shared_ptr<const JsonDocument>, Refusal> read_json_body(std::string_view body, const Endpoint& endpoint);

// The same of a whole request, which has to say that its body is JSON.
Result<std::shared_ptr<const JsonDocument>, Refusal> read_json_request(const Exchange& exchange);

}  // namespace mimus::server
