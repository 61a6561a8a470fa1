#include "server/endpoints/image_request.h"

#include "api/json_writer.h"
#include "server/char_class.h"
#include "server/dialect/rule_texts.h"
#include "server/endpoints/image_name.h"
#include "server/endpoints/json_body.h"
#include "server/synth/digest.h"
#include "server/synth/rng.h"
#include "server/tokens.h"

namespace mimus::server {
namespace {

std::optional<Refusal> check_prompt(std::string_view prompt, const Model* model) {
  if (model == nullptr || !model->max_prompt_chars) return std::nullopt;
  const std::size_t found = count_chars(prompt);
  if (found <= static_cast<std::size_t>(*model->max_prompt_chars)) return std::nullopt;
  return Refusal{
      "string_above_max_length",
      {{"param", "prompt"}, {"limit", std::to_string(*model->max_prompt_chars)}, {"found", std::to_string(found)}}};
}

Result<ImageSize, Refusal> size_of(Json body) {
  const std::string_view text = body.find("size").string_or("auto");
  if (text == "auto") return ImageSize{};
  if (const auto size = read_image_size(text)) return *size;
  return Refusal{"invalid_value",
                 {{"param", "size"}, {"value", echo(text)}, {"allowed", "'auto' and sizes such as '1024x1024'"}}};
}

std::string_view or_else(std::string_view text, std::string_view unless, std::string_view instead) {
  return text == unless ? instead : text;
}

}  // namespace

Result<ImageRequest, Refusal> image_request_of(std::shared_ptr<const JsonDocument> document,
                                               const ModelChoice& choice) {
  const Json body = document->root();
  ImageRequest request;
  request.prompt = body.find("prompt").string_or("");
  if (auto refusal = check_prompt(request.prompt, choice.model)) return std::move(*refusal);
  const auto size = size_of(body);
  if (!size) return size.error();
  request.size = *size;
  request.model = choice.name;
  request.has_details = choice.model != nullptr && choice.model->images_inline;
  request.revises_prompt = choice.model != nullptr && choice.model->revises_prompt;
  request.is_inline = request.has_details || body.find("response_format").string_or("") == "b64_json";
  request.n = static_cast<int>(body.find("n").int_or(1));
  request.quality = or_else(body.find("quality").string_or("auto"), "auto", "high");
  request.background = or_else(body.find("background").string_or("auto"), "auto", "opaque");
  request.is_streamed = body.find("stream").bool_or(false);
  request.partial_images = static_cast<int>(body.find("partial_images").int_or(0));
  request.digest = Digest(0).add(request.model).add(request.prompt).value();
  request.body = std::move(document);
  return request;
}

std::uint64_t ImageRequest::seed_of(std::size_t index, std::uint64_t server_seed) const {
  return derive(Digest(server_seed).add(static_cast<std::int64_t>(digest)).value(), index);
}

Result<ImageRequest, Refusal> read_image_request(std::string_view bytes, const Dialect& dialect,
                                                 const Endpoint& endpoint) {
  auto document = read_json_body(bytes, endpoint);
  if (!document) return document.error();
  const auto choice = choose_model((*document)->root(), dialect, endpoint);
  if (!choice) return choice.error();
  return image_request_of(std::move(*document), *choice);
}

// Source of the tokens of a square picture: OpenAI's guide on image generation; other shapes cost about the same.
std::string image_usage(const ImageRequest& request) {
  const std::int64_t each = request.quality == "low" ? 272 : request.quality == "medium" ? 1056 : 4160;
  const std::int64_t text = count_tokens(request.prompt);
  const std::int64_t input = text + request.image_tokens;
  const std::int64_t output = each * request.n;
  std::string out;
  JsonWriter json(out);
  json.object().member("input_tokens", input).key("input_tokens_details").object();
  json.member("text_tokens", text).member("image_tokens", request.image_tokens).end_object();
  json.member("output_tokens", output).member("total_tokens", input + output).end_object();
  return out;
}

}  // namespace mimus::server
