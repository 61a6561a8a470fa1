// Reads other people's fixtures and writes them as mimus's own, telling what could not be carried over.
// Sources of the formats: the packages @copilotkit/aimock 1.43.0 (types.d.ts, router.js, fixture-loader.js) and
// @dwmkerr/mock-llm 0.1.29 (config.ts, server.ts, template.ts).
// Pure; only this folder includes yaml-cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/result.h"

namespace mimus::server {

struct Converted {
  std::string json;                // a whole file of fixtures, one a line
  std::vector<std::string> notes;  // what was left out or differs: "fixture 3: streamingProfile.jitter ..."
  std::size_t fixtures = 0;
};

// aimock: {"fixtures": [{"match": {...}, "response": {...}, ...}]}. There the first match wins, whatever is specific;
// the priorities of the result keep that order.
Result<Converted> convert_aimock(std::string_view text, const std::string& file);

// mock-llm: "rules:" with path, match (JMESPath), sequence, response. There the last match wins; priorities keep that.
// Of JMESPath the usual forms are understood: contains(body.messages[-1].content, '...'), equality of a body member or
// a header with a literal, "@", and && between them.
Result<Converted> convert_mock_llm(std::string_view text, const std::string& file);

}  // namespace mimus::server
