#include "server/endpoints/image_name.h"

#include <charconv>

namespace mimus::server {
namespace {

// The whole of `text` as a number without sign and leading zeros (in base 10).
std::optional<int> read_side(std::string_view text) {
  int side = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), side);
  if (error != std::errc() || end != text.data() + text.size() || text.front() == '0') return std::nullopt;
  if (side < 1 || side > kMaxImageSide) return std::nullopt;
  return side;
}

}  // namespace

std::optional<ImageSize> read_image_size(std::string_view text) {
  const std::size_t x = text.find('x');
  if (x == std::string_view::npos) return std::nullopt;
  const auto width = read_side(text.substr(0, x));
  const auto height = read_side(text.substr(x + 1));
  if (!width || !height) return std::nullopt;
  return ImageSize{*width, *height};
}

std::string size_text(ImageSize size) {
  return std::to_string(size.width) + "x" + std::to_string(size.height);
}

std::string image_name(const NamedImage& image) {
  std::string name;
  for (int shift = 60; shift >= 0; shift -= 4) name += "0123456789abcdef"[image.seed >> shift & 15];
  return name + "-" + size_text(image.size) + ".png";
}

std::optional<NamedImage> read_image_name(std::string_view name) {
  constexpr std::size_t kDigits = 16;
  NamedImage image;
  if (name.size() < kDigits + 1 || !name.ends_with(".png") || name[kDigits] != '-') return std::nullopt;
  const auto [end, error] = std::from_chars(name.data(), name.data() + kDigits, image.seed, 16);
  if (error != std::errc() || end != name.data() + kDigits) return std::nullopt;
  const auto size = read_image_size(name.substr(kDigits + 1, name.size() - kDigits - 5));
  if (!size) return std::nullopt;
  image.size = *size;
  return image;
}

}  // namespace mimus::server
