// Everything for which mimus may have to refuse a request. Each dialect has a row for each in its error table; loading
// checks it, so that no request can meet a gap. One place: whoever raises a new situation adds it here.
#pragma once

#include <span>
#include <string_view>

namespace mimus::server {

struct Situation {
  std::string_view name;
  std::string_view placeholders;  // what its message may use, separated by spaces
};

std::span<const Situation> all_situations();

// Null for an unknown name.
const Situation* find_situation(std::string_view name);

bool offers_placeholder(const Situation& situation, std::string_view placeholder);

}  // namespace mimus::server
