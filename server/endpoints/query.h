// The query of a URL: names and values, percent-encoded. Pure and thread-safe.
// Source: WHATWG URL, application/x-www-form-urlencoded parsing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/result.h"
#include "server/dialect/request_rules.h"
#include "server/state/capped_store.h"

namespace mimus::server {

// The value of the first `name` in "a=1&b=x%20y"; nothing when it is not there.
std::optional<std::string> find_query(std::string_view query, std::string_view name);

// All pairs, decoded, in their order.
std::vector<std::pair<std::string, std::string>> query_pairs(std::string_view query);

// What lists are asked with: after, limit (1..most), order (asc, desc). Refusals: invalid_query, invalid_value.
Result<PageQuery, Refusal> read_page_query(std::string_view query, std::size_t usual, std::size_t most,
                                           ListOrder order);

}  // namespace mimus::server
