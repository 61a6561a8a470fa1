#include "server/endpoints/image_reply.h"

#include <algorithm>

#include "api/json_writer.h"
#include "server/base64.h"
#include "server/encode/make_delivery.h"
#include "server/endpoints/image_name.h"
#include "server/utf8.h"

namespace mimus::server {
namespace {

// The pictures of one reply, each as the script has it or else painted.
class Pictures {
 public:
  Pictures(const ImageRequest& request, const Exchange& exchange, const Services& services, const Script& script)
      : request_(request), exchange_(exchange), seed_(services.seed), scripted_(script.images) {}

  [[nodiscard]] std::size_t size() const {
    const bool is_list = scripted_ != nullptr && scripted_->images.size() > 1;
    return is_list ? scripted_->images.size() : static_cast<std::size_t>(request_.n);
  }
  [[nodiscard]] std::string revised_prompt(std::size_t index) const {
    const ScriptedImage* scripted = script_of(index);
    if (scripted != nullptr && !scripted->revised_prompt.empty()) return scripted->revised_prompt;
    return request_.revises_prompt ? "A clear and detailed picture of: " + request_.prompt : "";
  }
  // The address, or where the picture comes inline nothing.
  [[nodiscard]] std::string url(std::size_t index) const {
    const ScriptedImage* scripted = script_of(index);
    if (scripted != nullptr && !scripted->url.empty()) return scripted->url;
    const bool is_inline = request_.is_inline || (scripted != nullptr && !scripted->b64_json.empty());
    return is_inline ? "" : base_url() + image_name({request_.seed_of(index, seed_), request_.size});
  }
  [[nodiscard]] std::string base64(std::size_t index) const {
    const ScriptedImage* scripted = script_of(index);
    if (scripted != nullptr && !scripted->b64_json.empty()) return scripted->b64_json;
    return sketch(index, 1);
  }
  // Coarser with each pixel of `block`.
  [[nodiscard]] std::string sketch(std::size_t index, int block) const {
    return encode_base64(make_png(request_.size, request_.seed_of(index, seed_), block).value_or(""));
  }

 private:
  [[nodiscard]] const ScriptedImage* script_of(std::size_t index) const {
    return scripted_ == nullptr ? nullptr : &scripted_->images[index % scripted_->images.size()];
  }
  // "http://127.0.0.1:8080/images/". The caller's own name for the server is the one that it can reach; a dialect that
  // is mounted below a prefix has its pictures there.
  [[nodiscard]] std::string base_url() const {
    const std::string_view host = exchange_.http.header("host");
    return "http://" + std::string(!host.empty() && is_utf8(host) ? host : "localhost") +
           std::string(mount_prefix(exchange_)) + "/images/";
  }

  const ImageRequest& request_;
  const Exchange& exchange_;
  std::uint64_t seed_;
  const ScriptedImages* scripted_;
};

void write_details(const ImageRequest& request, JsonWriter& json) {
  json.member("background", request.background).member("output_format", "png");
  json.member("quality", request.quality).member("size", size_text(request.size));
}

std::string encode_whole(const ImageRequest& request, const Pictures& pictures, std::int64_t created) {
  std::string out;
  JsonWriter json(out);
  json.object().member("created", created).key("data").array();
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    json.object();
    if (const std::string url = pictures.url(i); !url.empty()) {
      json.member("url", url);
    } else {
      json.member("b64_json", pictures.base64(i));
    }
    if (const std::string prompt = pictures.revised_prompt(i); !prompt.empty()) json.member("revised_prompt", prompt);
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
Frame image_event(const ImageRequest& request, const std::string& base64, int partial, std::int64_t created) {
  const std::string type = std::string(request.events) + (partial < 0 ? ".completed" : ".partial_image");
  Frame frame;
  frame.bytes = "event: " + type + "\ndata: ";
  JsonWriter json(frame.bytes);
  json.object().member("type", type).member("b64_json", base64).member("created_at", created);
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

Delivery stream(const ImageRequest& request, const Pictures& pictures, std::int64_t created, const Pace& pace) {
  std::vector<Frame> frames;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    for (int partial = 0; partial < request.partial_images; ++partial) {
      const std::string sketch = pictures.sketch(i, partial_block(request.size, partial));
      frames.push_back(image_event(request, sketch, partial, created));
    }
    frames.push_back(image_event(request, pictures.base64(i), -1, created));
  }
  // A picture is one token to the pace: an event leaves one interval after the other.
  for (std::size_t i = 0; i < frames.size(); ++i) frames[i].due = pace.ttft + pace.token * static_cast<int>(i);
  return make_event_stream(std::make_unique<FixedFrames>(std::move(frames)), pace.ttft);
}

}  // namespace

std::string_view mount_prefix(const Exchange& exchange) {
  // As many segments as the endpoint's own path has, from the end: the values of placeholders may differ in length.
  auto segments = std::count(exchange.endpoint.path.begin(), exchange.endpoint.path.end(), '/');
  std::string_view prefix = exchange.http.path;
  for (; segments > 0 && !prefix.empty(); --segments)
    prefix = prefix.substr(0, std::min(prefix.rfind('/'), prefix.size()));
  return prefix;
}

Delivery reply_with_images(const ImageRequest& request, const Exchange& exchange, const Services& services,
                           const Script& script) {
  const Pictures pictures(request, exchange, services, script);
  const std::int64_t created = services.clock.epoch_seconds();
  if (request.is_streamed) return stream(request, pictures, created, script.pace);
  Delivery delivery = make_json(200, encode_whole(request, pictures, created));
  delivery.head_due = script.pace.ttft;
  return delivery;
}

}  // namespace mimus::server
