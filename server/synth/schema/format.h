// The string formats of JSON Schema and OpenAPI: a plausible text of each, and whether a text may be one.
// Pure and thread-safe. Sources: JSON Schema 2020-12 validation, 7.3; the RFCs it names; OpenAPI 3.0.3, data types.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/synth/rng.h"
#include "server/synth/topics.h"

namespace mimus::server {

// Nothing for a format that mimus does not know: such a format only annotates.
std::optional<std::string> write_format(std::string_view format, Rng& rng, const Topics& topics);

// True for a format that mimus does not know. Shape only: the 31st of June passes.
bool fits_format(std::string_view format, std::string_view text);

// `word` in lower case, only letters, digits and hyphens: a label of a host name. A stand-in when nothing is left.
std::string slug(std::string_view word);

}  // namespace mimus::server
