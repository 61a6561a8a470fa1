// Writes the head of a reply and decides how its body is framed. Pure.
// Source: RFC 9112 6 (length), 9.3 (persistence), 9.6 (Connection: close); Fetch standard 3.2 (CORS).
#pragma once

#include <string>

#include "server/delivery.h"
#include "server/transport/request_scanner.h"

namespace mimus::server {

enum class BodyFraming {
  None,        // HEAD, 204, 304: a head only
  Plain,       // as it is: announced by Content-Length, or whatever a raw head says
  Chunked,     // each frame a chunk, then the last chunk
  UntilClose,  // as it is, and the end of the connection is the end of the body (HTTP/1.0)
};

struct HeadPlan {
  BodyFraming framing = BodyFraming::Plain;
  bool keep_alive = true;  // the connection may carry another request, if the Delivery ends clean
};

// Appends the head of `delivery` to `out`. `stays_open` is the server's own wish; `cors` opens the reply to pages of
// other sites where the request came from one. Control characters in values become blanks, so that nothing echoed from
// a request can begin a header. With a raw head, that is all that is sent ahead of the body, and frames go out
// unframed.
HeadPlan encode_head(const Delivery& delivery, const RequestTraits& request, bool stays_open, bool cors,
                     std::string& out);

// "Not Found"; empty for a status that has no name.
std::string_view reason_phrase(int status);

}  // namespace mimus::server
