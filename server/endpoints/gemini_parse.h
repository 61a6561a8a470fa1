// Reads a Gemini body the way Google reads proto3 JSON: names in camelCase or snake_case, a single value for a list of
// one, numbers as strings, enumerations in any case, nulls as absent. Pure and thread-safe.
// Sources: the proto3 JSON mapping; wording of the refusals as quoted in public issues (glowingjade/
// obsidian-smart-composer#455, gera2ld/ai.nvim#13, agno-agi/agno#2649), for enumerations and bytes by the same pattern.
#pragma once

#include <string_view>

#include "api/api_error.h"
#include "api/json.h"
#include "api/result.h"
#include "server/endpoints/gemini_fields.h"

namespace mimus::server {

// The body with every name in camelCase, lists as arrays, enumerations in capitals, numbers as numbers. An empty body
// is an empty message. Refuses unknown names and wrong values, all that it finds up to kMostViolations; a body that is
// not JSON at all gives an error without a message, which the dialect's table has.
inline constexpr std::size_t kMostViolations = 50;
Result<JsonDocument, ApiError> parse_gemini(std::string_view body, const GeminiMessage& type);

// 400 INVALID_ARGUMENT.
ApiError invalid_argument(std::string message);

}  // namespace mimus::server
