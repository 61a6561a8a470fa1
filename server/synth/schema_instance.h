// An instance of a JSON Schema, as JSON text: plausible, deterministic, and really satisfying the schema.
// Pure and thread-safe; bounded in time and size for any schema.
//
// Understood: all validation keywords of drafts 4 to 2020-12 with their old spellings (boolean exclusiveMinimum, items
// as an array, definitions, dependencies), OpenAPI's nullable, local $ref and $anchor with recursion. Unknown formats
// are annotations, as the standard says.
//
// Refused: $ref to another document, $dynamicRef; in patterns look-behind, back references, flags; what would hold more
// than 2,000 elements, 100,000 characters in a string (1,000 under a pattern), or 1 MB in all.
//
// Sources: JSON Schema drafts 4, 7 and 2020-12 (core and validation); OpenAPI 3.0.3, schema object.
#pragma once

#include <cstdint>
#include <string>

#include "api/json.h"
#include "api/result.h"
#include "server/synth/topics.h"

namespace mimus::server {

// Words of `topics` appear in strings. Missing schema: any value. Errc::BadInput: no instance exists or was found, or a
// construct is not supported; the place is the JSON pointer into the instance where it failed.
Result<std::string> schema_instance(Json schema, std::uint64_t digest, const Topics& topics);

// The same, where only an object will do: arguments of a tool. Missing schema: {}.
Result<std::string> object_instance(Json schema, std::uint64_t digest, const Topics& topics);

}  // namespace mimus::server
