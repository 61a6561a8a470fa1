// The query of a URL: names and values, percent-encoded; and the pages of a list. Pure and thread-safe.
// Source: WHATWG URL, application/x-www-form-urlencoded parsing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/json_writer.h"
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

// The end of a list: closes its array "data", then first_id, last_id (null when they are empty), has_more.
void finish_list(std::string_view first_id, std::string_view last_id, bool has_more, JsonWriter& json);

}  // namespace mimus::server
