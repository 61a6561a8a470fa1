// Reads what a model says in a fixture: text, tool calls, refusal, reasoning, logprobs.
#pragma once

#include <vector>

#include "api/object_reader.h"
#include "server/match/fixture.h"

namespace mimus::server {

// Whether `json` has any member that makes it a choice ("text", "json", "tool_calls", "refusal", "reasoning",
// "finish_reason", "logprobs").
bool has_choice(Json json);

// The members of one choice; errors stick to `reader`.
ScriptedChoice read_choice(ObjectReader& reader);

// The `usage` of a reply; errors stick to `reader`.
ScriptedUsage read_usage(ObjectReader& reader);

// A template in member `key`; empty when absent.
Template read_template(ObjectReader& reader, std::string_view key);

}  // namespace mimus::server
