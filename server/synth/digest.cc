#include "server/synth/digest.h"

#include <algorithm>
#include <array>
#include <bit>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace mimus::server {

Digest& Digest::add(std::string_view bytes) {
  value_ = XXH3_64bits_withSeed(bytes.data(), bytes.size(), value_);
  return *this;
}

Digest& Digest::add(std::int64_t number) {
  auto bytes = std::bit_cast<std::array<char, 8>>(number);
  if constexpr (std::endian::native == std::endian::big) std::reverse(bytes.begin(), bytes.end());
  return add(std::string_view(bytes.data(), bytes.size()));
}

Digest& Digest::add(Json json) {
  add(static_cast<std::int64_t>(json.kind()));
  switch (json.kind()) {
    case Json::Kind::Bool:
      return add(std::int64_t{json.as_bool()});
    case Json::Kind::Integer:
      return add(json.as_int());
    case Json::Kind::Number:
      return add(std::bit_cast<std::int64_t>(json.as_double()));
    case Json::Kind::String:
      return add(json.as_string());
    case Json::Kind::Array:
      add(static_cast<std::int64_t>(json.size()));
      for (const Json element : json.elements()) add(element);
      return *this;
    case Json::Kind::Object:
      add(static_cast<std::int64_t>(json.size()));
      for (const auto& [key, value] : json.members()) add(key).add(value);
      return *this;
    default:
      return *this;
  }
}

}  // namespace mimus::server
