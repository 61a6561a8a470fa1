// Synthesis: a reply for every valid call, without any fixture. The text is a function of the seed and of what was
// asked, and of nothing else; streaming does not change it, max_tokens and stop only cut it. Pure and thread-safe.
#pragma once

#include <cstdint>

#include "api/result.h"
#include "server/call.h"
#include "server/reply.h"

namespace mimus::server {

// Fails only when a JSON Schema of the call cannot be satisfied or uses what mimus does not support; the error's place
// names the schema ("response_format" or "tools[0].function.parameters") and the spot in the instance.
// Ids of tool calls are a function of the digest alone: whoever knows how often a request was seen may replace them.
// `digest` is that of the call: computed once, for ids and counters hang on it as well.
Result<Reply> synthesise(const Call& call, std::uint64_t digest);

// A number that is the same for the same question: model, messages, tools, format and seed. The root of everything
// random in a reply.
std::uint64_t digest_of(const Call& call, std::uint64_t server_seed);

// Prompt tokens by OpenAI's published estimate: 3 a message and its strings, 1 for a name, 3 for the reply's start.
// Tools, images, audio and files count by rough estimates, for their rules are not public.
std::int64_t prompt_tokens(const Call& call);

}  // namespace mimus::server
