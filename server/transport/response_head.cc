#include "server/transport/response_head.h"

#include <algorithm>
#include <charconv>

#include "api/byte_scan.h"

namespace mimus::server {
namespace {

void append_number(std::uint64_t number, std::string& out) {
  char digits[20];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

bool is_unclean(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
}

// A line break in a value would let its author write headers.
void append_clean(std::string_view text, std::string& out) {
  const std::size_t begin = out.size();
  out.append(text);
  if (is_printable_ascii(text)) return;
  std::replace_if(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), is_unclean, ' ');
}

void append_header(const Header& header, std::string& out) {
  append_clean(header.name, out);
  out.append(": ");
  append_clean(header.value, out);
  out.append("\r\n");
}

// Of the dialect, which was checked when it was loaded.
void append_common(const Header& header, std::string& out) {
  out.append(header.name).append(": ").append(header.value).append("\r\n");
}

bool has_header(const std::vector<Header>& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const Header& header) { return equal_ignoring_case(header.name, name); });
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
  append_number(static_cast<std::uint64_t>(delivery.status), out);
  out.append(" ").append(reason_phrase(delivery.status)).append("\r\n");
  for (const Header& header : delivery.headers) append_header(header, out);
  for (const Header& header : delivery.common) {
    if (!has_header(delivery.headers, header.name)) append_common(header, out);
  }
  if (cors && request.has_origin) {
    out.append("Access-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: *\r\n");
  }
  if (delivery.frames) {
    if (!request.is_http_10) out.append("Transfer-Encoding: chunked\r\n");
  } else if (delivery.status != 204 && delivery.status != 304) {
    out.append("Content-Length: ");
    append_number(delivery.body.size(), out);
    out.append("\r\n");
  }
  const bool would_keep =
      breaks(delivery.ending) && stays_open && request.keep_alive && plan.framing != BodyFraming::UntilClose;
  out.append(plan.keep_alive || would_keep ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
  return plan;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 402:
      return "Payment Required";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 424:
      return "Failed Dependency";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 499:
      return "Client Closed Request";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    case 529:
      return "Site is overloaded";
    default:
      return "";
  }
}

}  // namespace mimus::server
