// Synthesis: a reply for every valid call, without any fixture. The text is a function of the seed and of what was
// asked, and of nothing else; streaming does not change it, max_tokens and stop only cut it. Pure and thread-safe.
#pragma once

#include <cstdint>

#include "server/call.h"
#include "server/reply.h"

namespace mimus::server {

Reply synthesise(const Call& call, std::uint64_t server_seed);

// A number that is the same for the same question: model, messages, tools, format and seed. The root of everything
// random in a reply.
std::uint64_t digest_of(const Call& call, std::uint64_t server_seed);

// Prompt tokens by OpenAI's published estimate: 3 a message and its strings, 1 for a name, 3 for the reply's start.
std::int64_t prompt_tokens(const Call& call);

}  // namespace mimus::server
