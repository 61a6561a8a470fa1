// Which fixtures can never be used. Pure and thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/match/matcher.h"

namespace mimus::server {

// Whether every text, number, value that meets `strict` meets `loose` as well. May say no where it cannot tell.
bool implies(const Condition& strict, const Condition& loose);

// The fixture that always comes before fixture `rank` of the matcher and matches whatever that one matches: it ranks
// higher, never runs out, asks for no state, its conditions follow from the other's, and every endpoint that can say
// the other can say it. Null when there is none.
const Fixture* shadow_of(const Matcher& matcher, std::size_t rank);

// Why the conditions of a `when` cannot hold together; nothing when they may.
std::optional<std::string> contradiction_in(const When& when);

}  // namespace mimus::server
