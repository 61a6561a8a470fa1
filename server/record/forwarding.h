// What of a request goes up to the real API, and what of its reply comes down to the client and into a recording.
// Pure and thread-safe.
#pragma once

#include <string>
#include <vector>

#include "server/dialect/dialect.h"
#include "server/http_request.h"
#include "server/record/upstream_url.h"
#include "server/transport/upstream.h"

namespace mimus::server {

// The base path of the URL, where it has one, stands in the place of the dialect's ("/v1"). Left behind: headers of the
// connection (RFC 9110, 7.6.1), those of mimus (x-mimus...), and Accept-Encoding, so that a recording can be read.
// With a `key`, all credentials of the client are left behind as well, and the key goes where the endpoint has it.
UpstreamRequest upstream_request(const HttpRequest& http, const Dialect& dialect, const Endpoint& endpoint,
                                 const UpstreamUrl& url, const std::string& key);

// The headers of the reply without those of the connection, without cookies, and without what the server of the real
// site says about itself (HSTS, Alt-Svc, CORS).
std::vector<Header> headers_for_client(const UpstreamHead& head);

// The few headers that are part of the answer and tell nothing of the account: content type and encoding, retry and
// rate limit headers.
std::vector<Header> headers_for_recording(const UpstreamHead& head);

}  // namespace mimus::server
