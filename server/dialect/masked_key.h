// A key as an error message may show it.
#pragma once

#include <string>
#include <string_view>

namespace mimus::server {

// The first 8 and the last 4 characters, stars between, one for one; a key of at most 12 is shown whole, as OpenAI's
// API shows short ones. Derived from published samples of its 401 message.
std::string masked_key(std::string_view key);

}  // namespace mimus::server
