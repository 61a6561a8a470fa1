#include "server/limits/request_sketch.h"

#include <algorithm>
#include <array>

#include "api/json.h"

namespace mimus::server {
namespace {

constexpr std::int64_t kCharactersPerToken = 4;
constexpr std::int64_t kMostTokens = 1'000'000'000;  // of a reply: beyond what any model gives

bool is_media(std::string_view key, std::string_view text) {
  constexpr std::array<std::string_view, 3> kKeys = {"data", "file_data", "b64_json"};
  return text.starts_with("data:") || std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
}

// The bytes of all texts in `json`. It is at most kMaxJsonDepth deep.
std::int64_t text_bytes(std::string_view key, Json json) {
  if (json.is_string()) {
    return is_media(key, json.as_string()) ? 0 : static_cast<std::int64_t>(json.as_string().size());
  }
  std::int64_t bytes = 0;
  for (const Json element : json.elements()) bytes += text_bytes(key, element);
  for (const auto [name, value] : json.members()) bytes += text_bytes(name, value);
  return bytes;
}

std::int64_t longest_reply(Json body) {
  std::int64_t most = body.find_pointer("/generationConfig/maxOutputTokens").int_or(0);
  for (const char* key : {"max_tokens", "max_completion_tokens", "max_output_tokens"}) {
    most = std::max(most, body.find(key).int_or(0));
  }
  const std::int64_t choices = std::clamp<std::int64_t>(body.find("n").int_or(1), 1, 128);
  return std::clamp<std::int64_t>(most, 0, kMostTokens) * choices;
}

}  // namespace

RequestSketch sketch_request(std::string_view body) {
  RequestSketch sketch;
  const auto document = parse_json(body);
  if (!document || !document->root().is_object()) return sketch;
  const Json root = document->root();
  const std::string_view model = root.find("model").string_or("");
  sketch.model = model.substr(0, model.find(';'));
  const std::int64_t characters = text_bytes("", root) - static_cast<std::int64_t>(model.size());
  sketch.tokens = (characters + kCharactersPerToken - 1) / kCharactersPerToken + longest_reply(root);
  return sketch;
}

}  // namespace mimus::server
