// Where a $ref points. Thread-safe: reads only.
#pragma once

#include <optional>
#include <string_view>

#include "api/json.h"

namespace mimus::server {

// The schema in document `root` that `ref` names: "#", "#/$defs/node" (percent-encoded or not) or "#anchor" (an
// $anchor, or an $id or id of that text). Missing when there is none, or when it lies in another document.
Json find_ref(Json root, std::string_view ref);

}  // namespace mimus::server
