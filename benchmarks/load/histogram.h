// A histogram of latencies with a fixed relative error, in the published layout of HdrHistogram, so that percentiles
// of millions of samples cost a fixed amount of memory and histograms can be added up without loss.
// Source of the layout: HdrHistogram's AbstractHistogram (github.com/HdrHistogram/HdrHistogram, public domain), with
// lowest discernible value 1 and three significant digits.
// Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mimus::load {

class Histogram {
 public:
  // One hour in nanoseconds: what bench-like users record.
  static constexpr std::int64_t kHour = 3'600'000'000'000;

  // Tracks 0 to at least `highest` (>= 2048) to three significant digits.
  explicit Histogram(std::int64_t highest = kHour);

  // Counts `value`; below 0 as 0, above the highest as the highest.
  void record(std::int64_t value);
  // Adds the counts of another histogram with the same highest value; anything else is a bug.
  void add(const Histogram& other);

  [[nodiscard]] std::int64_t count() const { return total_; }
  [[nodiscard]] std::int64_t min() const { return total_ == 0 ? 0 : min_; }  // exact
  [[nodiscard]] std::int64_t max() const { return max_; }                    // exact; 0 when empty
  [[nodiscard]] double mean() const;                                         // of the exact values; 0 when empty
  // The largest value that counts as equal to the one below or at which `percent` (0 to 100) of the samples lie, but
  // never above max(). 0 when empty.
  [[nodiscard]] std::int64_t percentile(double percent) const;

  // The layout itself. Values in one slot count as equal.
  [[nodiscard]] std::size_t slots() const { return counts_.size(); }
  [[nodiscard]] static std::size_t slot_of(std::int64_t value);
  [[nodiscard]] static std::int64_t lowest_of_slot(std::size_t slot);
  [[nodiscard]] static std::int64_t highest_of_slot(std::size_t slot) { return lowest_of_slot(slot + 1) - 1; }
  [[nodiscard]] std::int64_t count_in_slot(std::size_t slot) const { return counts_[slot]; }

 private:
  std::int64_t highest_;
  std::vector<std::int64_t> counts_;
  std::int64_t total_ = 0;
  std::int64_t min_ = INT64_MAX;
  std::int64_t max_ = 0;
  double sum_ = 0;
};

}  // namespace mimus::load
