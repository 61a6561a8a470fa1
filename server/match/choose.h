// Chooses the scripted reply to a request: the best fixture that matches and is not used up for this test, and the
// reply whose turn it is. Thread-safe.
#pragma once

#include <optional>

#include "server/match/matcher.h"
#include "server/match/state.h"

namespace mimus::server {

struct Chosen {
  FixturePtr fixture;
  const ScriptedReply* reply = nullptr;  // of the fixture; none when its script has ended with `then: error`
  std::uint64_t nth = 1;                 // how often this test used the fixture, with this time
  States states;                         // for templates
};

// `test` comes from test_key. Nothing: no fixture matches, which is not counted anywhere.
std::optional<Chosen> choose(const Matcher& matcher, const Question& question, TestStates& states,
                             std::string_view test);

// The same among fixtures that is_verbatim() alone.
std::optional<Chosen> choose_verbatim(const Matcher& matcher, const Question& question, TestStates& states,
                                      std::string_view test);

// The reply for use number `nth`; none when the script has ended.
const ScriptedReply* reply_for(const Fixture& fixture, std::uint64_t nth);

}  // namespace mimus::server
