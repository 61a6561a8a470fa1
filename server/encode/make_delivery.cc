#include "server/encode/make_delivery.h"

#include <utility>

#include "server/encode/error_body.h"

namespace mimus::server {
namespace {

Delivery with_error_headers(Delivery delivery, const ApiError& error) {
  delivery.headers.insert(delivery.headers.end(), error.headers.begin(), error.headers.end());
  return delivery;
}

}  // namespace

// Most replies have this many headers of their own in the end.
constexpr std::size_t kUsualHeaders = 4;

Delivery make_json(int status, std::string body) {
  Delivery delivery;
  delivery.status = status;
  delivery.headers.reserve(kUsualHeaders);
  delivery.headers.push_back({"content-type", "application/json"});
  delivery.body = std::move(body);
  return delivery;
}

Delivery make_error(const ApiError& error, std::span<const std::string> members) {
  return with_error_headers(make_json(error.status, encode_error(error, members)), error);
}

Delivery make_google_error(const ApiError& error) {
  Delivery delivery = make_json(error.status, encode_google_error(error));
  delivery.headers.front().value = "application/json; charset=UTF-8";
  return with_error_headers(std::move(delivery), error);
}

Delivery make_event_stream(std::unique_ptr<FrameSource> frames, Duration ttft) {
  Delivery delivery;
  delivery.headers.push_back({"content-type", "text/event-stream; charset=utf-8"});
  delivery.headers.push_back({"cache-control", "no-cache"});
  delivery.frames = std::move(frames);
  delivery.head_due = ttft;
  return delivery;
}

}  // namespace mimus::server
