// Who calls: the API key of a request, taken from where the dialect says it is. Pure and thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/result.h"
#include "server/dialect/dialect.h"
#include "server/http_request.h"

namespace mimus::server {

// The key of the request. Refusals: no_api_key (no header, another scheme, an empty key) and invalid_api_key (not one
// of `accepted`; an empty list accepts every key; or without the prefix, where the dialect is strict about it).
// OpenAI's own error text also allows HTTP Basic with a blank user and the key as the password; where the scheme is
// Bearer that works here as well. The header comes before the query, the query before a Bearer token, where the
// dialect allows these.
Result<std::string, Refusal> read_key(const HttpRequest& http, const Auth& auth,
                                      const std::vector<std::string>& accepted);

}  // namespace mimus::server
