#include "server/endpoints/picture_check.h"

#include <algorithm>

#include "server/dialect/rule_texts.h"
#include "server/endpoints/picture_file.h"
#include "server/multipart.h"

namespace mimus::server {
namespace {

constexpr std::int64_t kMegabyte = 1024 * 1024;
constexpr std::int64_t kMostMaskMegabytes = 4;

std::string size_text(const PictureFile& picture) {
  return std::to_string(picture.width) + "x" + std::to_string(picture.height);
}

// "['RGBA', 'LA', 'L']"
std::string list_of(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "'" : ", '") + name + "'";
  return "[" + list + "]";
}

std::optional<Refusal> check_type(const SentPicture& picture, const ImageInputs& inputs) {
  if (!picture.type) return std::nullopt;
  const std::string type = media_type(*picture.type);
  if (type.empty()) return Refusal{"missing_file_mimetype", {{"param", picture.param}}};
  if (std::find(inputs.types.begin(), inputs.types.end(), type) != inputs.types.end()) return std::nullopt;
  return Refusal{"unsupported_file_mimetype",
                 {{"param", picture.param}, {"found", echo(type)}, {"allowed", quoted_list(inputs.types, "and")}}};
}

Refusal unfit(const std::string& situation, std::size_t index, const SentPicture& picture, std::int64_t megabytes) {
  // The limit of a picture is told in megabytes, that of a body in bytes.
  const bool in_bytes = situation == "body_too_large";
  return {situation,
          {{"index", std::to_string(index)},
           {"limit", std::to_string(in_bytes ? megabytes * kMegabyte : megabytes)},
           {"found", std::to_string(picture.bytes.size())}}};
}

Result<PictureFile, Refusal> check_file(const SentPicture& picture, std::size_t index, const ImageInputs& inputs) {
  if (static_cast<std::int64_t>(picture.bytes.size()) > inputs.megabytes * kMegabyte) {
    return unfit(inputs.too_large, index, picture, inputs.megabytes);
  }
  const auto file = read_picture_file(picture.bytes);
  const bool fits = file && std::find(inputs.types.begin(), inputs.types.end(), file->type) != inputs.types.end();
  if (!fits) return unfit(inputs.unreadable, index, picture, inputs.megabytes);
  if (inputs.is_square && file->width != file->height) return Refusal{"image_not_square", {{"param", picture.param}}};
  return *file;
}

std::optional<Refusal> check_mask(const SentPicture& mask, std::size_t index, const PictureFile& picture,
                                  const ImageInputs& inputs) {
  const std::int64_t megabytes = std::min(inputs.megabytes, kMostMaskMegabytes);
  const auto file = read_picture_file(mask.bytes);
  if (!file || file->type != "image/png") return unfit(inputs.unreadable, index, mask, megabytes);
  if (static_cast<std::int64_t>(mask.bytes.size()) > megabytes * kMegabyte) {
    return unfit(inputs.too_large, index, mask, megabytes);
  }
  if (file->width == picture.width && file->height == picture.height) return std::nullopt;
  return Refusal{"mask_size", {{"expected", size_text(picture)}, {"found", size_text(*file)}}};
}

}  // namespace

std::optional<Refusal> check_pictures(const std::vector<SentPicture>& pictures, const SentPicture* mask,
                                      const ImageInputs& inputs, bool needs_mode) {
  if (static_cast<std::int64_t>(pictures.size()) > inputs.most) {
    return Refusal{
        "array_above_max_length",
        {{"param", "image"}, {"limit", std::to_string(inputs.most)}, {"found", std::to_string(pictures.size())}}};
  }
  std::optional<PictureFile> first;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    if (auto refusal = check_type(pictures[i], inputs)) return refusal;
    const auto file = check_file(pictures[i], i, inputs);
    if (!file) return file.error();
    if (!first) first = *file;
  }
  if (!first) return std::nullopt;
  if (mask != nullptr) return check_mask(*mask, pictures.size(), *first, inputs);
  const auto& modes = inputs.modes;
  if (!needs_mode || modes.empty() || std::find(modes.begin(), modes.end(), first->mode) != modes.end()) {
    return std::nullopt;
  }
  return Refusal{"image_mode", {{"allowed", list_of(modes)}, {"found", std::string(first->mode)}}};
}

}  // namespace mimus::server
