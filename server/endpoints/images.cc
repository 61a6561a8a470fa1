#include "server/endpoints/images.h"

#include "api/json_writer.h"
#include "server/base64.h"
#include "server/encode/make_delivery.h"
#include "server/endpoints/content_type.h"
#include "server/endpoints/image_name.h"
#include "server/endpoints/image_request.h"
#include "server/endpoints/refuse.h"
#include "server/utf8.h"

namespace mimus::server {
namespace {

// Where pictures of this exchange are fetched from: "http://127.0.0.1:8080/images/". The caller's own name for the
// server is the one that it can reach; a dialect that is mounted below a prefix has its pictures there.
std::string picture_base(const Exchange& exchange) {
  const std::string_view host = exchange.http.header("host");
  const std::string_view path = exchange.http.path;
  const std::string& own = exchange.endpoint.path;
  const std::string_view prefix = path.ends_with(own) ? path.substr(0, path.size() - own.size()) : std::string_view();
  return "http://" + std::string(!host.empty() && is_utf8(host) ? host : "localhost") + std::string(prefix) +
         "/images/";
}

std::string picture(const ImageRequest& request, std::size_t index, int block = 1) {
  return encode_base64(make_png(request.size, request.seeds[index], block).value_or(""));
}

void write_details(const ImageRequest& request, JsonWriter& json) {
  json.member("background", request.background).member("output_format", "png");
  json.member("quality", request.quality).member("size", size_text(request.size));
}

std::string encode_images(const ImageRequest& request, const Exchange& exchange, std::int64_t created) {
  std::string out;
  JsonWriter json(out);
  json.object().member("created", created).key("data").array();
  for (std::size_t i = 0; i < request.seeds.size(); ++i) {
    json.object();
    if (request.is_inline) {
      json.member("b64_json", picture(request, i));
    } else {
      json.member("url", picture_base(exchange) + image_name({request.seeds[i], request.size}));
    }
    if (request.revises_prompt) json.member("revised_prompt", "A clear and detailed picture of: " + request.prompt);
    json.end_object();
  }
  json.end_array();
  if (request.has_details) {
    write_details(request, json);
    json.key("usage").raw(image_usage(request));
  }
  json.end_object();
  return out;
}

// `partial` < 0: the completed picture.
Frame image_event(const ImageRequest& request, std::size_t index, int partial, std::int64_t created) {
  const std::string type = partial < 0 ? "image_generation.completed" : "image_generation.partial_image";
  Frame frame;
  frame.bytes = "event: " + type + "\ndata: ";
  JsonWriter json(frame.bytes);
  json.object().member("type", type);
  json.member("b64_json", picture(request, index, partial < 0 ? 1 : partial_block(request.size, partial)));
  json.member("created_at", created);
  write_details(request, json);
  if (partial < 0) {
    json.key("usage").raw(image_usage(request));
  } else {
    json.member("partial_image_index", partial);
  }
  json.end_object();
  frame.bytes += "\n\n";
  return frame;
}

Delivery stream_images(const ImageRequest& request, std::int64_t created, const Pace& pace) {
  std::vector<Frame> frames;
  for (std::size_t i = 0; i < request.seeds.size(); ++i) {
    for (int partial = 0; partial < request.partial_images; ++partial) {
      frames.push_back(image_event(request, i, partial, created));
    }
    frames.push_back(image_event(request, i, -1, created));
  }
  // A picture is one token to the pace: an event leaves one interval after the other.
  for (std::size_t i = 0; i < frames.size(); ++i) frames[i].due = pace.ttft + pace.token * static_cast<int>(i);
  return make_event_stream(std::make_unique<FixedFrames>(std::move(frames)), pace.ttft);
}

}  // namespace

Delivery answer_images_generations(const Exchange& exchange, const Services& services) {
  if (const auto refusal = check_json_content_type(exchange.http.header("content-type"))) {
    return refuse(*refusal, exchange.dialect);
  }
  const auto request = read_image_request(exchange.http.body, exchange.dialect, exchange.endpoint, services.seed);
  if (!request) return refuse(request.error(), exchange.dialect);
  const std::int64_t created = services.clock.epoch_seconds();
  if (request->is_streamed) return stream_images(*request, created, services.pace);
  Delivery delivery = make_json(200, encode_images(*request, exchange, created));
  delivery.head_due = services.pace.ttft;
  return delivery;
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
