// What the messages of an error name when a script asks for it: nothing has happened that they could tell of.
#pragma once

#include <string_view>

#include "server/dialect/error_row.h"

namespace mimus::server {

// A value for every placeholder that a message may have (situations.cc).
ErrorArgs sample_args(std::string_view model, std::string_view request_id);

}  // namespace mimus::server
