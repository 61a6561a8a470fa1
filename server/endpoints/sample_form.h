// For tests: forms and pictures as callers send them. Boundary "b".
#pragma once

#include <cstdint>
#include <string>

namespace mimus::server {

inline constexpr const char* kFormType = "multipart/form-data; boundary=b";

inline std::string form_part(const std::string& name, const std::string& value, const std::string& more = "") {
  return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n\r\n" + value + "\r\n";
}

// `type` empty: the part does not say.
inline std::string form_file(const std::string& name, const std::string& content, const std::string& filename,
                             const std::string& type) {
  const std::string line = type.empty() ? "" : "\r\nContent-Type: " + type;
  return form_part(name, content, "; filename=\"" + filename + "\"" + line);
}

// The first bytes of a PNG, which are all that mimus looks at. Colour types: 0 L, 2 RGB, 3 P, 4 LA, 6 RGBA.
inline std::string sample_png(std::uint8_t width, std::uint8_t height, char colour_type = 6,
                              const std::string& more = "") {
  std::string png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
  png += std::string(3, '\0') + static_cast<char>(width) + std::string(3, '\0') + static_cast<char>(height);
  return png + '\x08' + colour_type + std::string(3, '\0') + more;
}

}  // namespace mimus::server
