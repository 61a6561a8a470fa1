// What OpenAI's structured outputs and function tools demand of a JSON Schema before they use it.
// Source: OpenAI guide "Structured Outputs" (supported schemas) and the refusals quoted in public issue trackers.
#pragma once

#include <optional>
#include <string>

#include "api/json.h"

namespace mimus::server {

// Of a strict schema: every object says additionalProperties false and requires all its properties; no allOf, oneOf or
// not; every value has a type. The reason for a refusal: "In context=('properties', 'a'), 'oneOf' is not permitted."
std::optional<std::string> strict_schema_fault(Json schema);

// Of any schema of a function: an object at the top, arrays have items.
std::optional<std::string> function_schema_fault(Json schema);

}  // namespace mimus::server
