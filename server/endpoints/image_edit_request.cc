#include "server/endpoints/image_edit_request.h"

#include <array>
#include <list>

#include "server/base64.h"
#include "server/dialect/rule_texts.h"
#include "server/endpoints/form_body.h"
#include "server/endpoints/json_body.h"
#include "server/endpoints/picture_check.h"
#include "server/state/file_store.h"
#include "server/synth/digest.h"

namespace mimus::server {
namespace {

constexpr std::array<std::string_view, 3> kIntegers = {"n", "output_compression", "partial_images"};
constexpr std::array<std::string_view, 1> kFlags = {"stream"};
constexpr std::array<std::string_view, 2> kFiles = {"image", "mask"};

// What a square picture of 1024 pixels costs at low fidelity. Source: OpenAI's guide on images; others are near it.
constexpr std::int64_t kTokensOfPicture = 194;

// The pictures of a request. `owned` are those that were decoded or looked up, which the views then point into.
struct Pictures {
  std::vector<SentPicture> images;
  std::optional<SentPicture> mask;
  std::list<std::string> decoded;
  std::list<std::shared_ptr<const StoredFile>> stored;
};

Pictures pictures_of(const Form& form) {
  Pictures pictures;
  const std::vector<const FormPart*> parts = form.all("image");
  for (std::size_t i = 0; i < parts.size(); ++i) {
    // A picture alone is "image"; of several each has its number.
    const bool is_list = parts.size() > 1 || parts[i]->name.ends_with("[]");
    const std::string param = is_list ? "image[" + std::to_string(i) + "]" : "image";
    pictures.images.push_back({param, parts[i]->body, parts[i]->content_type});
  }
  // The media type of a mask does not matter to the real API (prism-php/prism#725).
  if (const FormPart* mask = form.find("mask")) pictures.mask = SentPicture{"mask", mask->body, std::nullopt};
  return pictures;
}

Result<SentPicture, Refusal> decode_data_url(std::string_view url, const std::string& param, Pictures& pictures) {
  constexpr std::string_view kMark = ";base64,";
  const std::size_t mark = url.find(kMark);
  if (mark == std::string_view::npos) return Refusal{"invalid_image_url", {{"param", param}}};
  auto bytes = decode_base64(url.substr(mark + kMark.size()));
  if (!bytes) return Refusal{"invalid_base64", {{"param", param}}};
  pictures.decoded.push_back(std::move(*bytes));
  return SentPicture{param, pictures.decoded.back(), url.substr(5, mark - 5)};
}

// The picture that {"image_url"} or {"file_id"} refers to; nothing for one elsewhere, which mimus does not fetch.
Result<std::optional<SentPicture>, Refusal> find_picture(Json json, const std::string& where, const Services& services,
                                                         Pictures& pictures) {
  const Json url = json.find("image_url");
  const Json id = json.find("file_id");
  if (url.has_value() && id.has_value()) {
    return Refusal{"invalid_parameter_combination", {{"param", where + ".image_url"}, {"other", where + ".file_id"}}};
  }
  if (id.has_value()) {
    auto file = services.files.find(id.string_or(""), services.clock.now());
    if (!file) return Refusal{"not_found", {{"kind", "File"}, {"id", echo(id)}}};
    pictures.stored.push_back(std::move(file));
    return std::optional(SentPicture{where + ".file_id", *pictures.stored.back()->content, std::nullopt});
  }
  if (!url.has_value()) return Refusal{"missing_required_parameter", {{"param", where + ".image_url"}}};
  const std::string param = where + ".image_url";
  const std::string_view text = url.string_or("");
  if (text.starts_with("data:")) {
    auto picture = decode_data_url(text, param, pictures);
    if (!picture) return picture.error();
    return std::optional(std::move(*picture));
  }
  if (text.starts_with("https://") || text.starts_with("http://")) return std::optional<SentPicture>();
  return Refusal{"invalid_image_url", {{"param", param}}};
}

Result<Done, Refusal> find_pictures(Json body, const Services& services, Pictures& pictures) {
  const Json images = body.find("images");
  for (std::size_t i = 0; i < images.size(); ++i) {
    auto picture = find_picture(images.at(i), "images[" + std::to_string(i) + "]", services, pictures);
    if (!picture) return picture.error();
    if (*picture) pictures.images.push_back(std::move(**picture));
  }
  if (const Json json = body.find("mask"); json.has_value()) {
    auto mask = find_picture(json, "mask", services, pictures);
    if (!mask) return mask.error();
    pictures.mask = std::move(*mask);
    if (pictures.mask) pictures.mask->type.reset();
  }
  return Done{};
}

// What is left once the body is read: the model, its parameters, its pictures.
Result<ImageRequest, Refusal> finish(std::shared_ptr<const JsonDocument> body, const Pictures& pictures,
                                     std::size_t count, const Exchange& exchange, bool is_edit) {
  const auto choice = choose_model(body->root(), exchange.dialect, exchange.endpoint);
  if (!choice) return choice.error();
  auto request = image_request_of(std::move(body), *choice);
  if (!request) return request.error();
  const ImageInputs inputs = choice->model != nullptr ? choice->model->image_inputs : ImageInputs{};
  const SentPicture* mask = pictures.mask ? &*pictures.mask : nullptr;
  if (auto refusal = check_pictures(pictures.images, mask, inputs, is_edit)) return std::move(*refusal);
  Digest digest(request->digest);
  digest.add(exchange.endpoint.operation);
  for (const SentPicture& picture : pictures.images) digest.add(picture.bytes);
  if (mask != nullptr) digest.add(mask->bytes);
  request->digest = digest.add(request->body->root().find("images")).value();
  request->events = "image_edit";
  request->image_tokens = kTokensOfPicture * static_cast<std::int64_t>(count);
  return request;
}

Result<ImageRequest, Refusal> read_form_request(const Exchange& exchange, bool is_edit) {
  const auto form = read_request_form(exchange.http.header("content-type"), exchange.http.body);
  if (!form) return form.error();
  auto body = form_as_json(*form, {kIntegers, kFlags, kFiles}, exchange.endpoint);
  if (!body) return body.error();
  const Pictures pictures = pictures_of(*form);
  if (pictures.images.empty()) return Refusal{"missing_required_parameter", {{"param", "image"}}};
  return finish(std::move(*body), pictures, pictures.images.size(), exchange, is_edit);
}

}  // namespace

Result<ImageRequest, Refusal> read_image_edit(const Exchange& exchange, const Services& services) {
  if (media_type(exchange.http.header("content-type")) != "application/json") return read_form_request(exchange, true);
  auto body = read_json_body(exchange.http.body, exchange.endpoint);
  if (!body) return body.error();
  const Json root = (*body)->root();
  if (root.find("image")) return Refusal{"unknown_parameter", {{"param", "image"}}};
  if (!root.find("images")) return Refusal{"missing_required_parameter", {{"param", "images"}}};
  const std::size_t count = root.find("images").size();
  Pictures pictures;
  if (auto found = find_pictures(root, services, pictures); !found) return found.error();
  return finish(std::move(*body), pictures, count, exchange, true);
}

Result<ImageRequest, Refusal> read_image_variation(const Exchange& exchange) {
  return read_form_request(exchange, false);
}

}  // namespace mimus::server
