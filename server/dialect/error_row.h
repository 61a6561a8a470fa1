// One row of a vendor's error table: a status and a text with placeholders.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/api_error.h"
#include "api/json.h"
#include "api/object_reader.h"
#include "api/result.h"

namespace mimus::server {

// The message and the param may hold placeholders: "Missing required parameter: '{param}'."
struct ErrorRow {
  int status = 400;
  std::string type;
  std::optional<std::string> param;
  std::optional<std::string> code;
  std::string message;
  std::vector<Header> headers;
};

// The values for the placeholders of an ErrorRow.
using ErrorArgs = std::vector<std::pair<std::string_view, std::string>>;

// The row in `json`, for `situation`: an unknown situation, or a placeholder that it does not offer, is an error.
Result<ErrorRow> read_error_row(Json json, const std::string& where, std::string_view situation);

// The members of `json`, an object of strings; anything else is reported at `key` of `reader`.
std::vector<Header> read_headers(Json json, ObjectReader& reader, std::string_view key);

// The error that `row` makes of `args`. A placeholder without a value becomes empty.
ApiError fill(const ErrorRow& row, const ErrorArgs& args);

}  // namespace mimus::server
