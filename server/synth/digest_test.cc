#include "server/synth/digest.h"

#include <gtest/gtest.h>

namespace mimus::server {
namespace {

std::uint64_t of_json(std::string_view text) {
  const auto document = parse_json(text);
  return Digest(0).add(document->root()).value();
}

// XXH3_64bits of the empty input with seed 0, from xxHash's own test vectors.
TEST(Digest, IsXxh3) {
  EXPECT_EQ(Digest(0).add(std::string_view()).value(), 0x2D06800538D394C2ULL);
}

// Pinned: another value means that every reply of every user changes.
TEST(Digest, StaysTheSameEverywhere) {
  EXPECT_EQ(Digest(7).add("model").add(std::int64_t{-1}).add("a text that is longer than sixteen bytes").value(),
            6902764750330846973ULL);
  EXPECT_EQ(of_json(R"({"a":[1,2.5,null,true],"b":"x"})"), 4806501677002156200ULL);
}

TEST(Digest, SeesBordersKindsAndOrder) {
  EXPECT_NE(Digest(0).add("ab").add("c").value(), Digest(0).add("a").add("bc").value());
  EXPECT_NE(Digest(0).add("ab").value(), Digest(0).add("ab").add("").value());
  EXPECT_NE(of_json(R"({"a":1})"), of_json(R"({"a":"1"})"));
  EXPECT_NE(of_json("[[1],2]"), of_json("[1,[2]]"));
  EXPECT_NE(of_json("[]"), of_json("{}"));
  EXPECT_EQ(of_json(R"({"a": [1, 2]})"), of_json(R"({"a":[1,2]})"));
}

}  // namespace
}  // namespace mimus::server
