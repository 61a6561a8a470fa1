#include "server/synth/embedding.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

#include "server/base64.h"
#include "server/synth/digest.h"
#include "server/synth/rng.h"
#include "server/synth/topics.h"

namespace mimus::server {
namespace {

// How much each feature counts. The text as a whole tells apart what has the same words.
constexpr std::int32_t kWordWeight = 8;
constexpr std::int32_t kEverydayWeight = 2;
constexpr std::int32_t kPairWeight = 3;
constexpr std::int32_t kWholeWeight = 1;
constexpr std::size_t kMostWords = 1'000'000;  // times the weights and 128 it stays below 2^31

// Kinds of features, so that a pair is never a word.
constexpr std::int64_t kWord = 1;
constexpr std::int64_t kPair = 2;
constexpr std::int64_t kToken = 3;
constexpr std::int64_t kTokenPair = 4;
constexpr std::int64_t kWhole = 5;

class Sum {
 public:
  explicit Sum(std::size_t dimensions) : sums_(dimensions) {}

  // Adds the direction of `feature`: coordinate i is byte i of its own stream of random bytes, read as -128..127.
  void add(std::uint64_t feature, std::int32_t weight) {
    std::int32_t* to = sums_.data();
    std::size_t left = sums_.size();
    for (std::uint64_t block = 0; left > 0; ++block) {
      const std::uint64_t bits = split_mix(feature + block);
      const std::size_t count = std::min<std::size_t>(left, 8);
      for (std::size_t i = 0; i < count; ++i) to[i] += weight * static_cast<std::int8_t>(bits >> (8 * i) & 0xff);
      to += count;
      left -= count;
    }
  }

  [[nodiscard]] std::vector<float> unit() const {
    // Scaled down until the squares of the longest vector fit into 64 bits.
    std::int64_t largest = 0;
    for (const std::int32_t sum : sums_) largest = std::max<std::int64_t>(largest, sum < 0 ? -std::int64_t{sum} : sum);
    const int shift = std::max(0, static_cast<int>(std::bit_width(static_cast<std::uint64_t>(largest))) - 24);
    std::int64_t squares = 0;
    for (const std::int32_t sum : sums_) squares += std::int64_t{sum >> shift} * (sum >> shift);
    std::vector<float> values(sums_.size());
    if (squares == 0) {
      values[0] = 1;  // no direction at all: any will do
      return values;
    }
    const double length = std::sqrt(static_cast<double>(squares));
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>((sums_[i] >> shift) / length);
    return values;
  }

 private:
  std::vector<std::int32_t> sums_;
};

void lower(std::string_view word, std::string& out) {
  out.assign(word);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
}

}  // namespace

std::vector<float> embed_text(std::string_view text, std::size_t dimensions, std::uint64_t seed) {
  Sum sum(dimensions);
  sum.add(Digest(seed).add(kWhole).add(text).value(), kWholeWeight);
  std::string word;
  std::string_view rest = text;
  std::uint64_t before = 0;
  for (std::size_t count = 0; count < kMostWords; ++count) {
    const std::string_view next = take_word(rest);
    if (next.empty()) break;
    lower(next, word);
    const std::uint64_t feature = Digest(seed).add(kWord).add(word).value();
    sum.add(feature, is_everyday_word(word) ? kEverydayWeight : kWordWeight);
    if (count > 0) sum.add(Digest(before).add(kPair).add(word).value(), kPairWeight);
    before = feature;
  }
  return sum.unit();
}

std::vector<float> embed_tokens(std::span<const std::int64_t> tokens, std::size_t dimensions, std::uint64_t seed) {
  Sum sum(dimensions);
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < std::min(tokens.size(), kMostWords); ++i) {
    const std::uint64_t feature = Digest(seed).add(kToken).add(tokens[i]).value();
    sum.add(feature, kWordWeight);
    if (i > 0) sum.add(Digest(before).add(kTokenPair).add(tokens[i]).value(), kPairWeight);
    before = feature;
  }
  return sum.unit();
}

void append_json_floats(std::span<const float> values, std::string& out) {
  constexpr std::size_t kLongest = 16;  // "-1.17549435e-38" and its comma
  const std::size_t start = out.size();
  out.resize(start + values.size() * kLongest + 2);
  char* to = out.data() + start;
  *to++ = '[';
  for (const float value : values) {
    to = std::to_chars(to, to + kLongest - 1, value).ptr;
    *to++ = ',';
  }
  if (!values.empty()) --to;
  *to++ = ']';
  out.resize(static_cast<std::size_t>(to - out.data()));
}

void append_base64_floats(std::span<const float> values, std::string& out) {
  std::string bytes;
  bytes.reserve(values.size() * 4);
  for (const float value : values) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(bits >> shift & 0xff);
  }
  append_base64(bytes, out);
}

}  // namespace mimus::server
