// Names that are spelt almost like a given one, for "Did you mean ...?". Pure.
// Source: /v1/responses, observed 2026-08-30: names at a distance of two at most, the nearest first.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mimus::server {

// Those of `names` that two insertions, deletions or exchanges of a letter make of `name`, nearest first, then in the
// order of the alphabet. Costs nothing for names that differ more than that in length.
std::vector<std::string> near_names(std::string_view name, const std::vector<std::string>& names);

}  // namespace mimus::server
