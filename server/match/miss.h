// Why no fixture matched a request: the nearest ones, condition by condition, and a fixture ready to paste.
// Texts of the request appear only with `show_prompts`; credentials never. Pure and thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/match/matcher.h"
#include "server/match/state.h"

namespace mimus::server {

struct ConditionResult {
  std::string subject;   // "last_user"
  std::string expected;  // `contains "weather"`
  std::string found;     // "a text of 42 bytes"
  bool is_met = false;
};

struct NearMiss {
  std::string fixture;                      // its name, or where it stands
  std::vector<ConditionResult> conditions;  // with those of states, and of uses when it is used up
};

struct Miss {
  std::vector<NearMiss> nearest;  // the nearest first
  std::size_t fixtures = 0;       // how many there are
  std::string draft;              // a fixture that would match, as JSON
};

// Looks at all fixtures; at most `limit` are told of. `test` comes from test_key.
Miss explain_miss(const Matcher& matcher, const Question& question, const TestStates& states, std::string_view test,
                  bool show_prompts, std::size_t limit = 3);

// For the log and for people, several lines:
//   no fixture matches chat.completions (2 loaded); the nearest:
//     "weather": last_user is met; turn is not: expected 1, found 2
std::string text_of(const Miss& miss, const Question& question);

// For the body of the refusal:
// {"nearest":[{"fixture":..,"conditions":[{"subject","expected","found","met"}]}],"draft":{..}}
std::string json_of(const Miss& miss);

}  // namespace mimus::server
