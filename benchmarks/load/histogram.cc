// Values below 2048 have a slot each. Above, every doubling of the value is one bucket of 1024 slots, whose width
// doubles with it: bucket 1 holds 2048..4095 in steps of 2, bucket 2 holds 4096..8191 in steps of 4, and so on.
#include "benchmarks/load/histogram.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>

namespace mimus::load {
namespace {

constexpr int kHalfMagnitude = 10;  // log2 of the slots of one bucket; 2 * 1000 values need 2^11 at first
constexpr std::int64_t kHalf = std::int64_t{1} << kHalfMagnitude;
constexpr std::uint64_t kFirstBucketMask = 2 * kHalf - 1;

}  // namespace

Histogram::Histogram(std::int64_t highest) : highest_(highest), counts_(slot_of(highest) + 1) {
  assert(highest >= 2 * kHalf && "the histogram must have at least its first bucket");
  counts_.resize((counts_.size() + kHalf - 1) / kHalf * kHalf);
}

std::size_t Histogram::slot_of(std::int64_t value) {
  const int bucket =
      static_cast<int>(std::bit_width(static_cast<std::uint64_t>(value) | kFirstBucketMask)) - kHalfMagnitude - 1;
  const std::int64_t within = value >> bucket;
  return static_cast<std::size_t>((std::int64_t{bucket} << kHalfMagnitude) + within);
}

std::int64_t Histogram::lowest_of_slot(std::size_t slot) {
  const auto index = static_cast<std::int64_t>(slot);
  if (index < 2 * kHalf) return index;
  const std::int64_t bucket = (index >> kHalfMagnitude) - 1;
  return ((index & (kHalf - 1)) + kHalf) << bucket;
}

void Histogram::record(std::int64_t value) {
  value = std::clamp<std::int64_t>(value, 0, highest_);
  ++counts_[slot_of(value)];
  ++total_;
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
  sum_ += static_cast<double>(value);
}

void Histogram::add(const Histogram& other) {
  assert(highest_ == other.highest_ && "histograms of different ranges cannot be added");
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  total_ += other.total_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
}

double Histogram::mean() const {
  return total_ == 0 ? 0 : sum_ / static_cast<double>(total_);
}

std::int64_t Histogram::percentile(double percent) const {
  if (total_ == 0) return 0;
  const double exact = std::clamp(percent, 0.0, 100.0) / 100 * static_cast<double>(total_);
  // Rounding of the product must not ask for one sample more: 0.29 * 100 is 28.999... or 29.000...01.
  const auto wanted = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(exact - 1e-9 * exact)));
  std::int64_t seen = 0;
  for (std::size_t slot = 0; slot < counts_.size(); ++slot) {
    seen += counts_[slot];
    if (seen >= wanted) return std::min(highest_of_slot(slot), max_);
  }
  return max_;
}

}  // namespace mimus::load
