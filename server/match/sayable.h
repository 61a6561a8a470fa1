// Which replies an endpoint can say: a text is no answer to an embedding. A fixture whose reply an endpoint cannot say
// does not match there, so that an application which embeds a question before it asks it uses no reply up. Pure and
// thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "server/match/fixture.h"

namespace mimus::server {

// Whether `operation` ("embeddings", "chat.completions") can say every reply of the fixture. Errors, raw bytes, and
// replies that are made up can be said everywhere.
bool can_say(std::string_view operation, const Fixture& fixture);

// Whether every endpoint that can say `some` can say `other` as well.
bool can_say_wherever(const Fixture& other, const Fixture& some);

// An endpoint that the fixture asks for by name, though none of those it names can say its reply; empty when there is
// none.
std::string unsayable_endpoint(const Fixture& fixture);

// Whether the fixture names its endpoint and says nothing but raw bytes: such a one answers also where no other could,
// at endpoints that have no scripts and in the place of a refusal.
bool is_verbatim(const Fixture& fixture);

// Whether a text, tool calls and the like are what it says.
bool says_choices(std::string_view operation);

// For messages: "embeddings", "images", "nothing but errors and raw replies", "a text, tool calls or a refusal".
std::string_view sayable_at(std::string_view operation);

}  // namespace mimus::server
