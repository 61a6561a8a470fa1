// An instance of a JSON Schema, as JSON text: plausible, deterministic, and really satisfying the schema.
// Pure and thread-safe; bounded in time and size for any schema.
//
// Understood: all validation keywords of drafts 4 to 2020-12 with their old spellings (boolean exclusiveMinimum, items
// as an array, definitions, dependencies), OpenAPI's nullable, local $ref and $anchor with recursion. Refused: $ref to
// another document, $dynamicRef; in patterns look-around, back references, word borders; sizes beyond what a reply
// would hold (2,000 elements, 100,000 characters). Unknown formats are annotations, as the standard says. Sources:
// JSON Schema drafts 4, 7 and 2020-12 (core and validation); OpenAPI 3.0.3, schema object.
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
