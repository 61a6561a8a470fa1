// Reads fixtures from JSON, strictly: an unknown or repeated key, a wrong kind, a bad pointer or pattern is an error
// that names its place, so that no typo passes for a fixture that never matches.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/json.h"
#include "api/result.h"
#include "server/match/fixture.h"
#include "server/match/vocabulary.h"

namespace mimus::server {

// One fixture. `where` is its JSON pointer; `document` is what `json` belongs to. Ids are left 0.
Result<Fixture> read_fixture(Json json, const std::string& where, std::shared_ptr<const JsonDocument> document,
                             const Vocabulary& vocabulary);

// All fixtures of a file's text. `file` names it in messages, which have line and column. Each wrong fixture is handed
// to `complain`; reading goes on with the next while that returns true. Returns those that are right.
using Complain = std::function<bool(const Error&)>;
std::vector<Fixture> read_fixtures(std::string_view text, const std::string& file, const Vocabulary& vocabulary,
                                   const Complain& complain);

// The same, ending at the first error.
Result<std::vector<Fixture>> read_fixtures(std::string_view text, const std::string& file,
                                           const Vocabulary& vocabulary);

}  // namespace mimus::server
