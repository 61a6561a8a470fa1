#include "server/synth/rng.h"

#include <gtest/gtest.h>

#include <array>

namespace mimus::server {
namespace {

// The first numbers of pcg32-demo, printed in the generator's own documentation (seeds 42 and 54).
TEST(Rng, GivesThePublishedNumbersOfPcg32) {
  Rng rng(42, 54);
  for (const std::uint32_t expected : {0xa15c02b7U, 0x7b47f409U, 0xba1d3330U, 0x83d2f293U, 0xbfa4784bU, 0xcbed606eU}) {
    EXPECT_EQ(rng.next(), expected);
  }
}

// The reference implementation (Vigna, splitmix64.c), state 1234567.
TEST(Rng, SeedsByThePublishedSplitMix) {
  EXPECT_EQ(split_mix(1234567), 6457827717110365317ULL);
  EXPECT_EQ(split_mix(1234567 + 0x9E3779B97F4A7C15ULL), 3203168211198807973ULL);
}

TEST(Rng, IsEvenBelowABound) {
  Rng rng(1);
  std::array<int, 6> seen{};
  for (int i = 0; i < 60000; ++i) ++seen[rng.below(6)];
  for (const int count : seen) EXPECT_NEAR(count, 10000, 500);
}

TEST(Rng, ReachesBothEndsOfARange) {
  Rng rng(2);
  bool low = false, high = false;
  for (int i = 0; i < 1000; ++i) {
    const std::int64_t value = rng.between(-3, 3);
    ASSERT_GE(value, -3);
    ASSERT_LE(value, 3);
    low |= value == -3;
    high |= value == 3;
  }
  EXPECT_TRUE(low && high);
  EXPECT_EQ(rng.between(INT64_MIN, INT64_MIN), INT64_MIN);
  bool negative = false, positive = false;
  for (int i = 0; i < 100; ++i) {
    const std::int64_t value = rng.between(INT64_MIN, INT64_MAX);
    negative |= value < 0;
    positive |= value > 0;
    EXPECT_GE(rng.between(INT64_MIN, 0), INT64_MIN);
    EXPECT_LE(rng.between(INT64_MIN, 0), 0);
  }
  EXPECT_TRUE(negative && positive);
}

}  // namespace
}  // namespace mimus::server
