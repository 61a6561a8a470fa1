// Changes one place of a JSON value. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/json.h"

namespace mimus::conformance {

// The text of `root` with `value` (JSON text) at `pointer`, or without that place when there is no value. A member that
// is not there yet is added at the end of its object. A pointer that leads nowhere changes nothing.
std::string edited_json(Json root, std::string_view pointer, const std::optional<std::string>& value);

// The same with the member at `pointer` under another name.
std::string renamed_json(Json root, std::string_view pointer, std::string_view name);

}  // namespace mimus::conformance
