#include "server/synth/embedding.h"

#include <bit>
#include <cmath>
#include <fstream>

#include <gtest/gtest.h>

#include "api/json.h"
#include "server/base64.h"

namespace mimus::server {
namespace {

constexpr std::uint64_t kSeed = 7;

double cosine(const std::vector<float>& a, const std::vector<float>& b) {
  double dot = 0;
  for (std::size_t i = 0; i < a.size(); ++i) dot += double{a[i]} * double{b[i]};
  return dot;
}

double similarity(std::string_view a, std::string_view b) {
  return cosine(embed_text(a, 1536, kSeed), embed_text(b, 1536, kSeed));
}

TEST(Embedding, HasUnitLengthWhateverTheText) {
  const std::string long_text = [] {
    std::string text;
    for (int i = 0; i < 3'000; ++i) text += "word" + std::to_string(i % 700) + " ";
    return text;
  }();
  for (const std::string& text : {std::string("hello"), std::string(" "), std::string("?!"), std::string("\xff\xfe"),
                                  std::string("the"), long_text, std::string("\u65e5\u672c\u8a9e")}) {
    for (const std::size_t dimensions : {1u, 2u, 7u, 8u, 256u, 1536u, 3072u}) {
      const auto values = embed_text(text, dimensions, kSeed);
      ASSERT_EQ(values.size(), dimensions);
      EXPECT_NEAR(cosine(values, values), 1.0, 1e-6) << text.substr(0, 20) << " " << dimensions;
    }
  }
}

TEST(Embedding, IsNearForTextsThatShareWordsAndFarForOthers) {
  EXPECT_GT(similarity("The cat sat on the mat.", "the cat sat on the mat"), 0.95);
  EXPECT_GT(similarity("How do I reset my password?", "I forgot my password, how can I reset it?"), 0.5);
  EXPECT_LT(std::abs(similarity("How do I reset my password?", "Bananas ripen faster next to apples")), 0.15);
  EXPECT_LT(std::abs(similarity("apple", "orange")), 0.15);
  EXPECT_GT(similarity("red apple pie", "apple pie recipe"), similarity("red apple pie", "pie chart"));
  EXPECT_GT(similarity("dog bites man", "man bites dog"), 0.7);
  EXPECT_LT(similarity("dog bites man", "man bites dog"), 0.999);  // order tells them apart
}

TEST(Embedding, ShortensToTheBeginningMadeUnitLengthAgain) {
  const auto full = embed_text("a story about rivers", 1536, kSeed);
  const auto brief = embed_text("a story about rivers", 256, kSeed);
  double length = 0;
  for (std::size_t i = 0; i < brief.size(); ++i) length += double{full[i]} * double{full[i]};
  for (std::size_t i = 0; i < brief.size(); ++i) EXPECT_NEAR(brief[i], full[i] / std::sqrt(length), 1e-6);
}

TEST(Embedding, LivesInAnotherSpaceForAnotherSeed) {
  EXPECT_LT(std::abs(cosine(embed_text("same text", 1536, 1), embed_text("same text", 1536, 2))), 0.15);
}

TEST(Embedding, TakesTokensLikeWords) {
  const std::vector<std::int64_t> one{9906, 1917}, two{9906, 1917, 0}, other{5, 6};
  const auto embed = [](const std::vector<std::int64_t>& tokens) { return embed_tokens(tokens, 512, kSeed); };
  EXPECT_GT(cosine(embed(one), embed(two)), 0.6);
  EXPECT_LT(std::abs(cosine(embed(one), embed(other))), 0.25);
  EXPECT_EQ(cosine(embed({}), embed({})), 1.0);
}

TEST(Embedding, WritesFloatsThatReadBackBitByBit) {
  const auto values = embed_text("read me back", 1000, kSeed);
  std::string json;
  append_json_floats(values, json);
  const auto read = parse_json(json);
  ASSERT_TRUE(read);
  ASSERT_EQ(read->root().size(), values.size());
  std::string base64;
  append_base64_floats(values, base64);
  const auto bytes = decode_base64(base64);
  ASSERT_TRUE(bytes);
  ASSERT_EQ(bytes->size(), values.size() * 4);
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(static_cast<float>(read->root().at(i).as_double()), values[i]);
    std::uint32_t bits = 0;
    for (int k = 3; k >= 0; --k)
      bits = bits << 8 | static_cast<unsigned char>((*bytes)[4 * i + static_cast<std::size_t>(k)]);
    EXPECT_EQ(std::bit_cast<float>(bits), values[i]);
  }
}

TEST(Embedding, WritesTheExtremesOfFloat) {
  std::string json;
  append_json_floats(std::vector<float>{0.0F, 1.0F, -1.17549435e-38F, 3.4028235e38F, -1e-45F, 0.1F}, json);
  EXPECT_EQ(json, "[0,1,-1.1754944e-38,3.4028235e+38,-1e-45,0.1]");
  json.clear();
  append_json_floats({}, json);
  EXPECT_EQ(json, "[]");
}

TEST(Embedding, IsTheSameOnEveryPlatform) {
  std::string text;
  for (const char* input : {"hello world", "The quick brown fox", ""}) {
    append_json_floats(embed_text(input, 12, kSeed), text);
    text += '\n';
  }
  const std::vector<std::int64_t> tokens{1, 2, 3};
  append_base64_floats(embed_tokens(tokens, 12, kSeed), text);
  text += '\n';
  std::ifstream golden(std::string(MIMUS_SOURCE_DIR) + "/fixtures/golden/media/embedding.txt");
  EXPECT_EQ(text, std::string(std::istreambuf_iterator<char>(golden), {}));
}

}  // namespace
}  // namespace mimus::server
