// What a value of a certain name usually looks like: "city", "email", "price_eur", "createdAt". Pure and thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "server/synth/rng.h"
#include "server/synth/topics.h"

namespace mimus::server {

// A string for a property called `name` (empty for none): by the last words of the name, else a few words of the prompt
// and the vocabulary. A city or place is a capitalised word of the prompt where there is one.
std::string named_string(std::string_view name, Rng& rng, const Topics& topics);

// A usual range: low and high in units of 1/scale (100 for a price with two decimals).
struct UsualRange {
  std::int64_t low = 1;
  std::int64_t high = 20;
  std::int64_t scale = 1;
};
UsualRange usual_range(std::string_view name, bool whole_numbers);

}  // namespace mimus::server
