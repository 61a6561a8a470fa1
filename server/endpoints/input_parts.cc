#include "server/endpoints/input_parts.h"

#include "server/base64.h"
#include "server/endpoints/image_address.h"

namespace mimus::server {
namespace {

constexpr std::string_view kSources = "'file_id' or 'image_url'";

std::optional<Refusal> check_image_url(std::string_view url, const std::string& path) {
  const AddressFault fault = fault_of_image_address(url);
  if (fault == AddressFault::None) return std::nullopt;
  return Refusal{fault == AddressFault::BadBase64 ? "input_image_base64" : "input_image_url", {{"param", path}}};
}

std::optional<Refusal> check_image(Json part, const std::string& path) {
  const Json url = part.find("image_url");
  const bool has_file = part.find("file_id").has_value();
  if (!url.has_value() && !has_file) {
    return Refusal{"missing_one_of_parameters", {{"param", path}, {"names", std::string(kSources)}}};
  }
  if (url.has_value() && has_file) {
    return Refusal{"exclusive_parameters_at", {{"param", path}, {"names", std::string(kSources)}}};
  }
  return url.has_value() ? check_image_url(url.string_or(""), path + ".image_url") : std::nullopt;
}

std::optional<Refusal> check_audio(Json part, const std::string& path) {
  if (is_base64(part.find("input_audio").find("data").string_or(""))) return std::nullopt;
  return Refusal{"invalid_base64", {{"param", path + ".input_audio.data"}}};
}

}  // namespace

std::optional<Refusal> check_input_parts(Json parts, const std::string& path) {
  for (std::size_t i = 0; parts.is_array() && i < parts.size(); ++i) {
    const Json part = parts.at(i);
    const std::string_view type = part.find("type").string_or("");
    const std::string where = path + "[" + std::to_string(i) + "]";
    auto refusal = type == "input_image"   ? check_image(part, where)
                   : type == "input_audio" ? check_audio(part, where)
                                           : std::nullopt;
    if (refusal) return refusal;
  }
  return std::nullopt;
}

}  // namespace mimus::server
