// content_type:value=TEXT, html:status=N (default 502), empty: the reply is not what its client expects to parse.
#include "server/pace/fault_kinds.h"

namespace mimus::server {
namespace {

void set_content_type(Delivery& delivery, std::string_view value) {
  for (Header& header : delivery.headers) {
    if (!equal_ignoring_case(header.name, "content-type")) continue;
    header.value = value;
    return;
  }
  delivery.headers.push_back({"content-type", std::string(value)});
}

std::string_view title_of(std::int64_t status) {
  switch (status) {
    case 200:
      return "Welcome";
    case 403:
      return "403 Forbidden";
    case 413:
      return "413 Request Entity Too Large";
    case 500:
      return "500 Internal Server Error";
    case 502:
      return "502 Bad Gateway";
    case 503:
      return "503 Service Temporarily Unavailable";
    case 504:
      return "504 Gateway Time-out";
    default:
      return "Error";
  }
}

}  // namespace

Delivery fault_content_type(Delivery delivery, const FaultArgs& args, const FaultContext&) {
  set_content_type(delivery, args.text("value", "text/plain"));
  return delivery;
}

Delivery fault_html(Delivery delivery, const FaultArgs& args, const FaultContext&) {
  constexpr std::int64_t kBadGateway = 502;
  const std::int64_t status = args.count("status", kBadGateway);
  const std::string title(title_of(status));
  delivery.status = static_cast<int>(status);
  delivery.frames.reset();
  delivery.body = "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
                  "</h1></center>\r\n</body>\r\n</html>\r\n";
  set_content_type(delivery, "text/html");
  return delivery;
}

Delivery fault_empty(Delivery delivery, const FaultArgs&, const FaultContext&) {
  delivery.body.clear();
  if (delivery.frames) delivery.frames = std::make_unique<FixedFrames>(std::vector<Frame>());
  return delivery;
}

}  // namespace mimus::server
