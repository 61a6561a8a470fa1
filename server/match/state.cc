#include "server/match/state.h"

#include <algorithm>

namespace mimus::server {
namespace {

std::string_view value_of(const States& states, std::string_view name) {
  const auto found = states.find(name);
  return found == states.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace

std::string test_key(std::string_view test_header, std::string_view api_key) {
  constexpr std::size_t kLongest = 256;
  const bool is_named = !test_header.empty();
  return (is_named ? "test:" : "key:") + std::string((is_named ? test_header : api_key).substr(0, kLongest));
}

bool is_available(const Fixture& fixture, std::uint64_t uses, const States& states) {
  if (fixture.times && uses >= *fixture.times) return false;
  if (fixture.then == Then::FallThrough && uses >= fixture.replies.size()) return false;
  return std::all_of(fixture.when.states.begin(), fixture.when.states.end(),
                     [&states](const StateValue& wanted) { return value_of(states, wanted.name) == wanted.value; });
}

std::shared_ptr<TestStates::Test> TestStates::open(std::string_view name) {
  const std::lock_guard lock(mutex_);
  if (const auto found = tests_.find(name); found != tests_.end()) {
    order_.splice(order_.end(), order_, found->second.place);
    return found->second.test;
  }
  if (tests_.size() >= limits_.tests && !order_.empty()) {
    tests_.erase(order_.front());
    order_.pop_front();
  }
  order_.emplace_back(name);
  auto test = std::make_shared<Test>();
  tests_.emplace(std::string(name), Slot{test, std::prev(order_.end())});
  return test;
}

std::shared_ptr<TestStates::Test> TestStates::find(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto found = tests_.find(name);
  return found == tests_.end() ? nullptr : found->second.test;
}

std::optional<TestStates::Claim> TestStates::claim(std::string_view name,
                                                   std::span<const std::shared_ptr<const Fixture>> candidates) {
  if (candidates.empty()) return std::nullopt;
  const auto test = open(name);
  const std::lock_guard lock(test->mutex);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const Fixture& fixture = *candidates[i];
    const auto used = test->uses.find(fixture.id);
    if (!is_available(fixture, used == test->uses.end() ? 0 : used->second, test->states)) continue;
    Claim claim{i, ++test->uses[fixture.id], test->states};
    if (test->uses.size() > limits_.fixtures) test->uses.erase(test->uses.begin());
    for (const StateValue& state : fixture.set) test->states[state.name] = state.value;
    return claim;
  }
  return std::nullopt;
}

std::uint64_t TestStates::count_request(std::string_view name, std::uint64_t digest) {
  const auto test = open(name);
  const std::lock_guard lock(test->mutex);
  const auto [entry, is_new] = test->requests.try_emplace(digest, 0);
  const std::uint64_t count = ++entry->second;
  if (is_new) test->request_order.push_back(digest);
  if (test->request_order.size() > limits_.requests) {
    test->requests.erase(test->request_order.front());
    test->request_order.pop_front();
  }
  return count;
}

std::uint64_t TestStates::uses(std::string_view name, const Fixture& fixture) const {
  const auto test = find(name);
  if (!test) return 0;
  const std::lock_guard lock(test->mutex);
  const auto found = test->uses.find(fixture.id);
  return found == test->uses.end() ? 0 : found->second;
}

States TestStates::states(std::string_view name) const {
  const auto test = find(name);
  if (!test) return {};
  const std::lock_guard lock(test->mutex);
  return test->states;
}

void TestStates::reset() {
  const std::lock_guard lock(mutex_);
  tests_.clear();
  order_.clear();
}

void TestStates::reset(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto found = tests_.find(name);
  if (found == tests_.end()) return;
  order_.erase(found->second.place);
  tests_.erase(found);
}

std::size_t TestStates::tests() const {
  const std::lock_guard lock(mutex_);
  return tests_.size();
}

}  // namespace mimus::server
