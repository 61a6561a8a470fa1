// Reading POST /chat/completions: from bytes to a Call, or to the refusal that the vendor would give. Pure,
// thread-safe. Checks run in the order that OpenAI's API shows: JSON, presence, unknown members, types and ranges, the
// model exists, the model takes these parameters, the members fit each other.
#pragma once

#include <string_view>

#include "api/result.h"
#include "server/call.h"
#include "server/dialect/dialect.h"

namespace mimus::server {

// `body` is the decoded body of a request with an accepted Content-Type. The Call's api_key is left empty.
Result<Call, Refusal> read_chat_request(std::string_view body, const Dialect& dialect, const Endpoint& endpoint);

// The name in front of directives: "gpt-4o;tokens=512" is "gpt-4o".
std::string_view bare_model_name(std::string_view name);

// context_length_exceeded, when prompt and asked-for completion do not fit the model. Counting the prompt is the work
// of synthesis (prompt_tokens), so this is asked after reading.
std::optional<Refusal> check_context(const Call& call, const Model* model, std::int64_t prompt_tokens);

}  // namespace mimus::server
