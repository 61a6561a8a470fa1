// Which fixtures match a request, best first: the higher priority, then more conditions, then the earlier one.
// With 10,000 fixtures a look-up takes microseconds where their conditions hold a literal (literal_index.h); globs and
// regular expressions without one, and fixtures without a condition on a text, are tried one after the other.
// Immutable, so thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "server/match/fixture.h"
#include "server/match/literal_index.h"
#include "server/match/question.h"

namespace mimus::server {

using FixturePtr = std::shared_ptr<const Fixture>;

// Whether all conditions hold; states, which are not the request's, are not looked at.
bool matches(const std::vector<Condition>& conditions, const Question& question);

class Matcher {
 public:
  Matcher() = default;
  // `fixtures` in the order of loading.
  explicit Matcher(std::vector<FixturePtr> fixtures);

  // Calls `visit` with the fixtures whose conditions hold, best first, until it returns false.
  void each_match(const Question& question, const std::function<bool(const FixturePtr&)>& visit) const;

  // All of them, best first.
  [[nodiscard]] const std::vector<FixturePtr>& ranked() const { return ranked_; }

 private:
  std::vector<FixturePtr> ranked_;
  LiteralIndex index_;
};

}  // namespace mimus::server
