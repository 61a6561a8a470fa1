// A request as a line for a shell, to repeat it without mimus. Pure.
#pragma once

#include <string>
#include <string_view>

#include "conformance/client/recording.h"

namespace mimus::conformance {

// The key of the request, already redacted, becomes $API_KEY. `base_url` gives scheme and host. A body that is long or
// not text is left out, with a remark.
std::string curl_line(const Request& request, std::string_view base_url);

}  // namespace mimus::conformance
