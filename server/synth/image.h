// Images without a model: a coloured, mirrored pattern of squares over a gradient, one for each seed, that a person can
// tell from the others at a glance. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace mimus::server {

struct ImageSize {
  int width = 1024;
  int height = 1024;
};

inline constexpr int kMaxImageSide = 4096;  // a picture is held in memory, a byte for each pixel

// The PNG of `seed`. Nothing when a side is not within 1..kMaxImageSide.
// `block` > 1 paints it in squares of as many pixels: a sketch of the same picture.
// The pixels are the same everywhere; the bytes are too, given the same libpng and zlib.
std::optional<std::string> make_png(ImageSize size, std::uint64_t seed, int block = 1);

// The `block` of partial image `index` (from 0 on) of a stream; each is twice as fine as the one before, none is final.
int partial_block(ImageSize size, int index);

}  // namespace mimus::server
