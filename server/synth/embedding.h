// Embeddings without a model: texts that share words are near each other, unrelated ones nearly orthogonal.
// Every word and every pair of neighbouring words is hashed to a direction in space (a random projection, so the vector
// is dense); the text is their weighted sum, made unit length. Everyday words weigh little. A shorter vector is the
// longer one's beginning, made unit length again, as with the `dimensions` of the real models.
// Sums are integers, and division and square root are exact in IEEE 754, so every platform gives the same floats.
// Pure and thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mimus::server {

// The unit vector of `text` in the space of `seed`, which is to be another for each model. Letters of either case count
// as the same. `dimensions` > 0. Words beyond the millionth do not count.
std::vector<float> embed_text(std::string_view text, std::size_t dimensions, std::uint64_t seed);

// The same for a text that comes as token numbers.
std::vector<float> embed_tokens(std::span<const std::int64_t> tokens, std::size_t dimensions, std::uint64_t seed);

// A JSON array of numbers, each the shortest that reads back as the same float.
void append_json_floats(std::span<const float> values, std::string& out);

// Base64 of the floats as IEEE 754 binary32, little-endian, in their order: encoding_format "base64".
void append_base64_floats(std::span<const float> values, std::string& out);

}  // namespace mimus::server
