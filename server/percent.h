// Texts as they stand in addresses. Pure and thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace mimus::server {

// `text` with %XX decoded; a malformed escape stays as it is.
std::string percent_decoded(std::string_view text);

// The same for a part of a query, where + is a space (application/x-www-form-urlencoded).
std::string query_decoded(std::string_view text);

}  // namespace mimus::server
