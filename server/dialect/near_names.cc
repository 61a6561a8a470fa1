#include "server/dialect/near_names.h"

#include <algorithm>
#include <utility>

namespace mimus::server {
namespace {

constexpr std::size_t kFarthest = 2;

// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j < row.size(); ++j) {
      const std::size_t exchanged = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({exchanged, row[j] + 1, row[j - 1] + 1}));
    }
  }
  return row.back();
}

}  // namespace

std::vector<std::string> near_names(std::string_view name, const std::vector<std::string>& names) {
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const std::string& each : names) {
    if (std::max(each.size(), name.size()) - std::min(each.size(), name.size()) > kFarthest) continue;
    if (const std::size_t far = distance(name, each); far <= kFarthest) near.emplace_back(far, each);
  }
  std::sort(near.begin(), near.end());
  std::vector<std::string> sorted;
  for (auto& [far, each] : near) sorted.push_back(std::move(each));
  return sorted;
}

}  // namespace mimus::server
