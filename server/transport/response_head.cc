#include "server/transport/response_head.h"

#include <algorithm>
#include <iterator>

#include "api/append_integer.h"
#include "api/byte_scan.h"

namespace mimus::server {
namespace {

struct Reason {
  int status;
  std::string_view phrase;
};

// Sorted. Source: IANA, HTTP Status Code Registry; 499 is nginx's, 529 Anthropic's.
constexpr Reason kReasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {424, "Failed Dependency"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {499, "Client Closed Request"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {529, "Site is overloaded"},
};

bool is_unclean(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
}

// Of the dialect, which was checked when it was loaded.
void append_common(const Header& header, std::string& out) {
  out.append(header.name).append(": ").append(header.value).append("\r\n");
}

// A line break in a value would let its author write headers.
void append_header(const Header& header, std::string& out) {
  const std::size_t begin = out.size();
  append_common(header, out);
  const std::size_t end = out.size() - 2;
  if (is_printable_ascii(std::string_view(out).substr(begin, end - begin))) return;
  std::replace_if(out.data() + begin, out.data() + end, is_unclean, ' ');
}

// What breaks does not say so beforehand. It matters: undici (the fetch of node) takes a RST behind "Connection: close"
// for the end of the body (its onSocketError, seen in node 20), so a cut stream would look whole.
bool breaks(Ending ending) {
  return ending == Ending::Cut || ending == Ending::Reset || ending == Ending::Hang || ending == Ending::HalfClose;
}

HeadPlan plan_head(const Delivery& delivery, const RequestTraits& request, bool stays_open) {
  const bool bodiless = request.is_head || delivery.status == 204 || delivery.status == 304;
  HeadPlan plan;
  plan.keep_alive = stays_open && request.keep_alive && delivery.ending == Ending::Clean;
  if (bodiless) {
    plan.framing = BodyFraming::None;
  } else if (!delivery.raw_head.empty() || !delivery.frames) {
    plan.framing = BodyFraming::Plain;
  } else if (request.is_http_10) {
    plan.framing = BodyFraming::UntilClose;
    plan.keep_alive = false;
  } else {
    plan.framing = BodyFraming::Chunked;
  }
  return plan;
}

}  // namespace

HeadPlan encode_head(const Delivery& delivery, const RequestTraits& request, bool stays_open, bool cors,
                     std::string& out) {
  const HeadPlan plan = plan_head(delivery, request, stays_open);
  if (!delivery.raw_head.empty()) {
    out.append(delivery.raw_head);
    return plan;
  }
  out.append("HTTP/1.1 ");
  append_integer(delivery.status, out);
  out.append(" ").append(reason_phrase(delivery.status)).append("\r\n");
  for (const Header& header : delivery.headers) append_header(header, out);
  for (const Header& header : delivery.common) {
    if (!has_header(delivery, header.name)) append_common(header, out);
  }
  if (cors && request.has_origin) {
    out.append("Access-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: *\r\n");
  }
  if (delivery.frames) {
    if (!request.is_http_10) out.append("Transfer-Encoding: chunked\r\n");
  } else if (delivery.status != 204 && delivery.status != 304) {
    out.append("Content-Length: ");
    append_integer(static_cast<std::int64_t>(delivery.body.size()), out);
    out.append("\r\n");
  }
  const bool would_keep =
      breaks(delivery.ending) && stays_open && request.keep_alive && plan.framing != BodyFraming::UntilClose;
  out.append(plan.keep_alive || would_keep ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
  return plan;
}

std::string_view reason_phrase(int status) {
  const auto* row = std::lower_bound(std::begin(kReasons), std::end(kReasons), status,
                                     [](const Reason& reason, int wanted) { return reason.status < wanted; });
  return row != std::end(kReasons) && row->status == status ? row->phrase : "";
}

}  // namespace mimus::server
