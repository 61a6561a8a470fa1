// A digest over a sequence of fields: XXH3 (64 bits, xxHash 0.8), which is specified and the same on every platform.
// Each field is hashed with the digest so far as its seed, and XXH3 hashes the length with the bytes; so moving a
// border between two fields changes the digest, as it would with length prefixes.
#pragma once

#include <cstdint>
#include <string_view>

#include "api/json.h"

namespace mimus::server {

class Digest {
 public:
  explicit Digest(std::uint64_t seed) : value_(seed) {}
  Digest& add(std::string_view bytes);
  Digest& add(std::int64_t number);
  Digest& add(Json json);  // kind and value, members in their order; equal texts up to white space give equal digests
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_;
};

}  // namespace mimus::server
