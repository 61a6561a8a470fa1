// Which replies an endpoint can say: a text is no answer to an embedding. A fixture whose reply an endpoint cannot say
// does not match there, so that an application which embeds a question before it asks it uses no reply up. Pure and
// thread-safe.
#pragma once

#include <string_view>

#include "server/match/fixture.h"

namespace mimus::server {

// Whether `operation` ("embeddings", "chat.completions") can say every reply of the fixture. Errors, raw bytes, and
// replies that are made up can be said everywhere.
bool can_say(std::string_view operation, const Fixture& fixture);

// For messages: "embeddings", "images", "nothing but errors and raw replies", "a text, tool calls or a refusal".
std::string_view sayable_at(std::string_view operation);

}  // namespace mimus::server
