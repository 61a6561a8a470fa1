#include "server/endpoints/picture_file.h"

#include <cstddef>

namespace mimus::server {
namespace {

std::int64_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

std::int64_t big_endian(std::string_view bytes, std::size_t at, std::size_t count) {
  std::int64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | byte_at(bytes, at + i);
  return value;
}

std::int64_t little_endian(std::string_view bytes, std::size_t at, std::size_t count) {
  std::int64_t value = 0;
  for (std::size_t i = count; i > 0; --i) value = value << 8 | byte_at(bytes, at + i - 1);
  return value;
}

std::string_view mode_of(std::int64_t colour_type) {
  constexpr std::string_view kModes[] = {"L", "", "RGB", "P", "LA", "", "RGBA"};
  return colour_type < 7 ? kModes[colour_type] : std::string_view();
}

std::optional<PictureFile> read_png(std::string_view bytes) {
  constexpr std::string_view kStart("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
  constexpr std::size_t kColourType = 25;
  if (!bytes.starts_with(kStart) || bytes.size() <= kColourType) return std::nullopt;
  const std::string_view mode = mode_of(byte_at(bytes, kColourType));
  if (mode.empty()) return std::nullopt;
  return PictureFile{"image/png", big_endian(bytes, 16, 4), big_endian(bytes, 20, 4), mode};
}

// Goes from segment to segment until the start of a frame, which has the size.
std::optional<PictureFile> read_jpeg(std::string_view bytes) {
  if (!bytes.starts_with("\xff\xd8\xff")) return std::nullopt;
  std::size_t at = 2;
  while (at + 9 <= bytes.size()) {
    if (byte_at(bytes, at) != 0xff) return std::nullopt;
    const std::int64_t marker = byte_at(bytes, at + 1);
    if (marker == 0xff) {  // filling
      ++at;
      continue;
    }
    const bool is_frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    if (is_frame) return PictureFile{"image/jpeg", big_endian(bytes, at + 7, 2), big_endian(bytes, at + 5, 2), ""};
    at += 2 + static_cast<std::size_t>(big_endian(bytes, at + 2, 2));
  }
  return std::nullopt;
}

std::optional<PictureFile> read_webp(std::string_view bytes) {
  if (bytes.size() < 30 || !bytes.starts_with("RIFF") || bytes.substr(8, 4) != "WEBP") return std::nullopt;
  const std::string_view chunk = bytes.substr(12, 4);
  if (chunk == "VP8X")
    return PictureFile{"image/webp", little_endian(bytes, 24, 3) + 1, little_endian(bytes, 27, 3) + 1, ""};
  if (chunk == "VP8L") {
    const std::int64_t sides = little_endian(bytes, 21, 4);
    return PictureFile{"image/webp", (sides & 0x3fff) + 1, (sides >> 14 & 0x3fff) + 1, ""};
  }
  if (chunk != "VP8 ") return std::nullopt;
  return PictureFile{"image/webp", little_endian(bytes, 26, 2) & 0x3fff, little_endian(bytes, 28, 2) & 0x3fff, ""};
}

}  // namespace

std::optional<PictureFile> read_picture_file(std::string_view bytes) {
  for (const auto read : {read_png, read_jpeg, read_webp}) {
    const auto picture = read(bytes);
    if (picture && picture->width > 0 && picture->height > 0) return picture;
  }
  return std::nullopt;
}

}  // namespace mimus::server
