// By what a recorded request is known again. Pure and thread-safe.
#pragma once

#include <string>

#include "server/match/question.h"

namespace mimus::server {

// The `when` of a fixture for this request, as JSON: its endpoint, its model, whether it streams, and exactly equal,
// what it asks for (messages, input, tools and the like; recorded_when.cc has the list). What only tunes the reply or
// names the caller (temperature, user, metadata) may differ. Of a body with none of these members, all count. A member
// that holds a credential does not.
std::string recorded_when(const Question& question);

}  // namespace mimus::server
