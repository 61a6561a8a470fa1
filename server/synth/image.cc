#include "server/synth/image.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include <png.h>

#include "server/synth/rng.h"

namespace mimus::server {
namespace {

constexpr int kCells = 8;      // of the pattern, in each direction; the right half mirrors the left
constexpr int kGradient = 64;  // colours of the background
constexpr int kInks = 2;       // colours of the pattern, behind the background's in the palette
constexpr int kColours = kGradient + kInks;
constexpr std::uint8_t kNoInk = 0xff;

struct Colour {
  int red = 0, green = 0, blue = 0;
};

// `hue` goes once round in 1536; `strength` mixes it with white (0) up to the pure colour (255), `light` darkens it.
Colour colour_of(int hue, int strength, int light) {
  const auto channel = [&](int offset) {
    const int place = (hue + offset + 1536) % 1536;
    const int pure = place < 256 ? place : place < 768 ? 255 : place < 1024 ? 1023 - place : 0;
    return (255 * (255 - strength) + pure * strength) / 255 * light / 255;
  };
  return {channel(512), channel(0), channel(-512)};
}

using Palette = std::array<std::uint8_t, std::size_t{3} * kColours>;

Palette palette_of(Rng& rng) {
  Palette palette{};
  const auto put = [&palette](int index, Colour colour) {
    std::uint8_t* to = palette.data() + std::ptrdiff_t{3} * index;
    to[0] = static_cast<std::uint8_t>(colour.red);
    to[1] = static_cast<std::uint8_t>(colour.green);
    to[2] = static_cast<std::uint8_t>(colour.blue);
  };
  const int hue = static_cast<int>(rng.below(1536));
  const int turn = static_cast<int>(rng.below(512)) - 256;
  for (int i = 0; i < kGradient; ++i) put(i, colour_of((hue + turn * i / kGradient + 1536) % 1536, 60, 255 - i / 2));
  const int contrast = (hue + 512 + static_cast<int>(rng.below(512))) % 1536;
  put(kGradient, colour_of(contrast, 255, 170));
  put(kGradient + 1, colour_of((contrast + 256) % 1536, 220, 110));
  return palette;
}

using Pattern = std::array<std::array<std::uint8_t, kCells>, kCells>;

// About half of the cells have ink. Each cell of the left half is drawn once more on the right.
Pattern pattern_of(Rng& rng) {
  Pattern pattern{};
  for (auto& row : pattern) {
    for (int x = 0; x < kCells / 2; ++x) {
      const std::uint32_t ink = rng.below(2 * kInks);
      const auto cell = static_cast<std::uint8_t>(ink < kInks ? kGradient + static_cast<int>(ink) : kNoInk);
      row[static_cast<std::size_t>(x)] = row[static_cast<std::size_t>(kCells - 1 - x)] = cell;
    }
  }
  return pattern;
}

// Where each pixel along one side lies: its step of the gradient, and its cell (-1: beside the pattern).
struct Place {
  int gradient = 0;
  int cell = -1;
};

std::vector<Place> places_along(int side, int pattern_side, int block) {
  std::vector<Place> places(static_cast<std::size_t>(side));
  const int start = (side - pattern_side) / 2;
  for (int i = 0; i < side; ++i) {
    const int at = std::min(i / block * block + block / 2, side - 1);
    Place& place = places[static_cast<std::size_t>(i)];
    place.gradient = static_cast<int>(std::int64_t{at} * (kGradient / 2) / side);
    if (at >= start && at < start + pattern_side) place.cell = (at - start) * kCells / pattern_side;
  }
  return places;
}

std::vector<std::uint8_t> paint(ImageSize size, const Pattern& pattern, int block) {
  const int pattern_side = std::max(1, std::min(size.width, size.height) * 3 / 4);
  const std::vector<Place> columns = places_along(size.width, pattern_side, block);
  const std::vector<Place> rows = places_along(size.height, pattern_side, block);
  std::vector<std::uint8_t> pixels;
  pixels.reserve(columns.size() * rows.size());
  for (std::size_t y = 0; y < rows.size(); ++y) {
    if (y > 0 && rows[y].gradient == rows[y - 1].gradient && rows[y].cell == rows[y - 1].cell) {
      pixels.insert(pixels.end(), pixels.end() - size.width, pixels.end());
      continue;
    }
    for (const Place& column : columns) {
      const bool is_inside = column.cell >= 0 && rows[y].cell >= 0;
      const std::uint8_t ink =
          is_inside ? pattern[static_cast<std::size_t>(rows[y].cell)][static_cast<std::size_t>(column.cell)] : kNoInk;
      pixels.push_back(ink != kNoInk ? ink : static_cast<std::uint8_t>(rows[y].gradient + column.gradient));
    }
  }
  return pixels;
}

std::optional<std::string> encode_png(ImageSize size, const std::vector<std::uint8_t>& pixels, const Palette& palette) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(size.width);
  image.height = static_cast<png_uint_32>(size.height);
  image.format = PNG_FORMAT_RGB_COLORMAP;
  image.colormap_entries = kColours;
  image.flags = PNG_IMAGE_FLAG_FAST;  // a fixed, low level of compression without filters
  png_alloc_size_t bytes = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string png(bytes, '\0');
  const int done = png_image_write_to_memory(&image, png.data(), &bytes, 0, pixels.data(), 0, palette.data());
  png_image_free(&image);
  if (done == 0) return std::nullopt;
  png.resize(bytes);
  png.shrink_to_fit();
  return png;
}

}  // namespace

std::optional<std::string> make_png(ImageSize size, std::uint64_t seed, int block) {
  const auto fits = [](int side) { return side >= 1 && side <= kMaxImageSide; };
  if (!fits(size.width) || !fits(size.height)) return std::nullopt;
  Rng rng(seed);
  const Palette palette = palette_of(rng);
  const Pattern pattern = pattern_of(rng);
  return encode_png(size, paint(size, pattern, std::max(block, 1)), palette);
}

int partial_block(ImageSize size, int index) {
  return std::max(2, std::min(size.width, size.height) / (6 << std::clamp(index, 0, 12)));
}

}  // namespace mimus::server
