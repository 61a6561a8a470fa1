// What a picture that a caller sent says of itself in its first bytes: format, size, and for a PNG its mode. Its pixels
// are not decoded. Pure and thread-safe.
// Sources: PNG (W3C, third edition) 11.2.1; JPEG (ITU-T T.81) B.2.2; WebP (RFC 9649) 2.5 to 2.7.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mimus::server {

struct PictureFile {
  std::string_view type;  // "image/png", "image/jpeg", "image/webp"
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::string_view mode;  // of a PNG: "L", "LA", "P", "RGB", "RGBA"; else empty
};

// Nothing for any other format, for a file that ends before its size, and for one without pixels.
std::optional<PictureFile> read_picture_file(std::string_view bytes);

}  // namespace mimus::server
