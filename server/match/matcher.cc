#include "server/match/matcher.h"

#include <algorithm>
#include <limits>

namespace mimus::server {

bool matches(const std::vector<Condition>& conditions, const Question& question) {
  return std::all_of(conditions.begin(), conditions.end(),
                     [&question](const Condition& condition) { return holds(condition, question); });
}

Matcher::Matcher(std::vector<FixturePtr> fixtures) : ranked_(std::move(fixtures)) {
  std::stable_sort(ranked_.begin(), ranked_.end(), [](const FixturePtr& a, const FixturePtr& b) {
    if (a->priority != b->priority) return a->priority > b->priority;
    return a->when.size() > b->when.size();
  });
  index_ = LiteralIndex(ranked_);
}

void Matcher::each_match(const Question& question, const std::function<bool(const FixturePtr&)>& visit) const {
  constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  const std::vector<std::uint32_t> found = index_.candidates(question);
  const std::vector<std::uint32_t>& always = index_.always();
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < found.size() || j < always.size()) {
    const std::uint32_t a = i < found.size() ? found[i] : kNone;
    const std::uint32_t b = j < always.size() ? always[j] : kNone;
    const std::uint32_t next = std::min(a, b);
    a < b ? ++i : ++j;
    if (matches(ranked_[next]->when.conditions, question) && !visit(ranked_[next])) return;
  }
}

}  // namespace mimus::server
