// JSON Schema as RapidJSON knows it: draft 4 without formats. The schemas live in fixtures/schemas. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/result.h"

namespace mimus::conformance {

struct SchemaProblem {
  std::string pointer;   // in the document
  std::string keyword;   // "type", "required", "enum" ...
  std::string expected;  // that part of the schema, as text
};

// The first problem of the document `text` under the embedded schema `name` ("chat.completion"); nothing when it
// conforms. An unknown schema or a text that is not JSON is an error.
Result<std::optional<SchemaProblem>> validate_schema(std::string_view name, std::string_view text);

}  // namespace mimus::conformance
