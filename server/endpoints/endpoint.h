// What it takes to be an endpoint: a name that dialects route to, and a function that answers.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/delivery.h"
#include "server/dialect/dialect.h"
#include "server/http_request.h"
#include "server/notes.h"
#include "server/services.h"

namespace mimus::server {

// One request on its way through an endpoint: routed, and its key accepted.
struct Exchange {
  const HttpRequest& http;
  const Dialect& dialect;
  const Endpoint& endpoint;
  std::vector<std::pair<std::string_view, std::string>> path_values;  // {"model", "gpt-4o"}, percent-decoded
  std::string_view api_key;
  std::string_view request_id;
  Notes* notes = nullptr;  // for the journal; null: nobody wants to know
};

using Answer = Delivery (*)(const Exchange&, const Services&);

struct EndpointRow {
  std::string_view operation;
  Answer answer;
};

// Every endpoint that mimus has; endpoints.cc is the list.
std::span<const EndpointRow> all_endpoints();

}  // namespace mimus::server
