// The files of fixtures/ that are compiled into the binary, so that an installed mimus needs no file beside it.
// Thread-safe: constants.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace mimus {

// The text of one file, named from fixtures/ on ("dialects/openai.json"); nothing when there is none.
std::optional<std::string_view> find_embedded(std::string_view name);

// The names of all files below `folder` ("dialects/"), sorted.
std::vector<std::string_view> embedded_below(std::string_view folder);

}  // namespace mimus
