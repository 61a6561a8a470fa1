#include "server/endpoints/images.h"

#include "server/endpoints/content_type.h"
#include "server/endpoints/image_edit_request.h"
#include "server/endpoints/image_name.h"
#include "server/endpoints/image_reply.h"
#include "server/endpoints/refuse.h"
#include "server/endpoints/scripted_body.h"

namespace mimus::server {
namespace {

Delivery answer(const Exchange& exchange, const Services& services, const Result<ImageRequest, Refusal>& request) {
  if (!request) return refuse(request.error(), exchange.dialect);
  return answer_scripted_body(exchange, services, request->body->root(), request->model, [&](const Script& script) {
    return reply_with_images(*request, exchange, services, script);
  });
}

}  // namespace

Delivery answer_images_generations(const Exchange& exchange, const Services& services) {
  if (const auto refusal = check_json_content_type(exchange.http.header("content-type"))) {
    return refuse(*refusal, exchange.dialect);
  }
  return answer(exchange, services, read_image_request(exchange.http.body, exchange.dialect, exchange.endpoint));
}

Delivery answer_images_edits(const Exchange& exchange, const Services& services) {
  return answer(exchange, services, read_image_edit(exchange, services));
}

Delivery answer_images_variations(const Exchange& exchange, const Services& services) {
  return answer(exchange, services, read_image_variation(exchange));
}

Delivery answer_images_file(const Exchange& exchange, const Services&) {
  const std::string& name = exchange.path_values.front().second;
  const auto image = read_image_name(name);
  auto png = image ? make_png(image->size, image->seed) : std::nullopt;
  if (!png) return refuse({"not_found", {{"kind", "Image"}, {"id", name.substr(0, 100)}}}, exchange.dialect);
  Delivery delivery;
  delivery.headers.push_back({"content-type", "image/png"});
  delivery.body = std::move(*png);
  return delivery;
}

}  // namespace mimus::server
