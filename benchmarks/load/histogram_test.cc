#include "benchmarks/load/histogram.h"

#include <gtest/gtest.h>

namespace mimus::load {
namespace {

// Slot numbers and their values as HdrHistogram's own index arithmetic gives them, worked out by hand from its
// definition: bucket b holds 1024 slots of width 2^b from 1024 * 2^b on, behind the 2048 slots of width 1.
struct Layout {
  std::int64_t value;
  std::size_t slot;
  std::int64_t lowest;
  std::int64_t highest;
};

class HistogramLayout : public testing::TestWithParam<Layout> {};

TEST_P(HistogramLayout, PutsEachValueIntoItsPublishedSlot) {
  const Layout& row = GetParam();
  EXPECT_EQ(Histogram::slot_of(row.value), row.slot);
  EXPECT_EQ(Histogram::lowest_of_slot(row.slot), row.lowest);
  EXPECT_EQ(Histogram::highest_of_slot(row.slot), row.highest);
}

INSTANTIATE_TEST_SUITE_P(Values, HistogramLayout,
                         testing::Values(Layout{0, 0, 0, 0}, Layout{1, 1, 1, 1}, Layout{2047, 2047, 2047, 2047},
                                         Layout{2048, 2048, 2048, 2049}, Layout{2049, 2048, 2048, 2049},
                                         Layout{4095, 3071, 4094, 4095}, Layout{4096, 3072, 4096, 4099},
                                         Layout{8191, 4095, 8188, 8191}, Layout{1'000'000, 11169, 999'936, 1'000'447}));

TEST(Histogram, HoldsAnHourOfNanosecondsInTheSlotsOfTheOriginal) {
  // 32 buckets: 2048 << 31 is the first power above an hour; (32 + 1) * 1024 slots.
  EXPECT_EQ(Histogram().slots(), 33U * 1024U);
}

TEST(Histogram, GivesPercentilesOfAKnownSeries) {
  Histogram histogram;
  for (int i = 1; i <= 1000; ++i) histogram.record(i);
  EXPECT_EQ(histogram.percentile(0), 1);
  EXPECT_EQ(histogram.percentile(50), 500);
  EXPECT_EQ(histogram.percentile(99), 990);
  EXPECT_EQ(histogram.percentile(99.95), 1000);
  EXPECT_EQ(histogram.percentile(100), 1000);
  EXPECT_DOUBLE_EQ(histogram.mean(), 500.5);
}

TEST(Histogram, StaysWithinAThousandthOfTheTruth) {
  for (std::int64_t value = 1; value < Histogram::kHour; value = value * 3 + 1) {
    const std::size_t slot = Histogram::slot_of(value);
    EXPECT_LE(Histogram::lowest_of_slot(slot), value);
    EXPECT_GE(Histogram::highest_of_slot(slot), value);
    EXPECT_LE(Histogram::highest_of_slot(slot) - Histogram::lowest_of_slot(slot), value / 1000);
  }
}

TEST(Histogram, NeverReportsMoreThanItsLargestSample) {
  Histogram histogram;
  histogram.record(1'000'000);
  EXPECT_EQ(histogram.percentile(50), 1'000'000);
  EXPECT_EQ(histogram.max(), 1'000'000);
}

TEST(Histogram, CountsValuesOutsideItsRangeAtTheBorders) {
  Histogram histogram(10'000);
  histogram.record(-5);
  histogram.record(1'000'000);
  EXPECT_EQ(histogram.count(), 2);
  EXPECT_EQ(histogram.min(), 0);
  EXPECT_EQ(histogram.max(), 10'000);
}

TEST(Histogram, AddsUpToTheHistogramOfAllSamples) {
  Histogram odd;
  Histogram even;
  Histogram all;
  for (int i = 0; i < 5000; ++i) {
    (i % 2 == 0 ? even : odd).record(i * 977);
    all.record(i * 977);
  }
  odd.add(even);
  EXPECT_EQ(odd.count(), all.count());
  for (const double p : {1.0, 50.0, 90.0, 99.9}) EXPECT_EQ(odd.percentile(p), all.percentile(p));
}

TEST(Histogram, IsZeroWhenEmpty) {
  const Histogram histogram;
  EXPECT_EQ(histogram.percentile(99), 0);
  EXPECT_EQ(histogram.min(), 0);
  EXPECT_EQ(histogram.max(), 0);
  EXPECT_EQ(histogram.mean(), 0);
}

}  // namespace
}  // namespace mimus::load
