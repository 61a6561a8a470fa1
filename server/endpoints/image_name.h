// The names of generated images: a name says all that its picture needs, so the picture need not be kept.
// Pure and thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/synth/image.h"

namespace mimus::server {

struct NamedImage {
  std::uint64_t seed = 0;
  ImageSize size;
};

std::string image_name(const NamedImage& image);  // "00000000000000ff-1024x1024.png"

// Nothing for anything that image_name does not give, or that make_png would refuse.
std::optional<NamedImage> read_image_name(std::string_view name);

// "1024x1024"; nothing for anything else, or for sides that make_png would refuse.
std::optional<ImageSize> read_image_size(std::string_view text);
std::string size_text(ImageSize size);

}  // namespace mimus::server
