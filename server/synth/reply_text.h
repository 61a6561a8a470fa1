// The text of a reply before anything is cut from it. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "api/result.h"
#include "server/call.h"
#include "server/synth/standing.h"

namespace mimus::server {

// The digest of choice `index` of a call whose digest is `digest`.
std::uint64_t choice_digest(std::uint64_t digest, int index);

// What choice `digest` says: prose that mentions the user's words and any tool result, or JSON where the format asks
// for it. With `tokens`, prose has exactly that many; the natural text is a prefix of every longer one. Fails only for
// a schema that cannot be satisfied.
Result<std::string> reply_text(const Call& call, const Standing& standing, std::uint64_t digest,
                               std::optional<std::int64_t> tokens = std::nullopt);

}  // namespace mimus::server
