#include "benchmarks/load/lateness.h"

#include <algorithm>
#include <cmath>

namespace mimus::load {

Lateness percentile(std::vector<Lateness> samples, double fraction) {
  if (samples.empty()) return Lateness(0);
  const auto rank = static_cast<std::size_t>(std::ceil(fraction * static_cast<double>(samples.size())));
  const auto place = samples.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::nth_element(samples.begin(), place, samples.end());
  return *place;
}

}  // namespace mimus::load
