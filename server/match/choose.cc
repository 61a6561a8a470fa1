#include "server/match/choose.h"

#include "server/match/sayable.h"

namespace mimus::server {

const ScriptedReply* reply_for(const Fixture& fixture, std::uint64_t nth) {
  const std::size_t count = fixture.replies.size();
  const std::uint64_t index = nth - 1;
  if (index < count) return &fixture.replies[index];
  switch (fixture.then) {
    case Then::Repeat:
      return &fixture.replies.back();
    case Then::Cycle:
      return &fixture.replies[index % count];
    case Then::FallThrough:
    case Then::Error:
      break;
  }
  return nullptr;
}

namespace {

// Conditions are tried without a lock. Only what the test decides, uses and states, is claimed under its own.
template <class Suits>
std::optional<Chosen> choose_if(const Matcher& matcher, const Question& question, TestStates& states,
                                std::string_view test, Suits suits) {
  std::vector<FixturePtr> candidates;
  matcher.each_match(question, [&](const FixturePtr& fixture) {
    if (!suits(*fixture)) return true;
    candidates.push_back(fixture);
    return fixture->can_run_out() || !fixture->when.states.empty();
  });
  auto claim = states.claim(test, candidates);
  if (!claim) return std::nullopt;
  FixturePtr fixture = candidates[claim->index];
  const ScriptedReply* reply = reply_for(*fixture, claim->nth);
  return Chosen{std::move(fixture), reply, claim->nth, std::move(claim->states)};
}

}  // namespace

std::optional<Chosen> choose(const Matcher& matcher, const Question& question, TestStates& states,
                             std::string_view test) {
  return choose_if(matcher, question, states, test,
                   [&question](const Fixture& fixture) { return can_say(question.operation, fixture); });
}

std::optional<Chosen> choose_verbatim(const Matcher& matcher, const Question& question, TestStates& states,
                                      std::string_view test) {
  return choose_if(matcher, question, states, test, is_verbatim);
}

}  // namespace mimus::server
