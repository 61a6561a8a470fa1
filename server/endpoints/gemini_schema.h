// The schemas of a Gemini request: a small part of OpenAPI 3.0, which is turned into JSON Schema for synthesis.
// Pure and thread-safe. The body has gone through parse_gemini.
// Source of rules and wording: Google's reference of Schema; anomalyco/opencode#11889, browser-use/browser-use#3786.
#pragma once

#include <optional>
#include <string>

#include "api/json.h"

namespace mimus::server {

// What Google refuses in the schema at `path` ("tools[0].function_declarations[0].parameters"): the bullet of its
// message, without "* GenerateContentRequest." and without a line end. `is_parameters`: of a function, whose top may be
// an object without properties.
std::optional<std::string> gemini_schema_fault(Json schema, const std::string& path, bool is_parameters);

// The schema as JSON Schema, at the end of `out`. Properties come in the order of propertyOrdering where there is one.
void append_json_schema(Json schema, std::string& out);

}  // namespace mimus::server
