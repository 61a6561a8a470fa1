// The body of POST /completions, the legacy endpoint, whole and streamed. Pure and thread-safe.
// Source: OpenAI API reference, completion object: "text_completion" in both modes; log probabilities as four parallel
// lists. The streamed form has no role chunk; its last chunk per choice has an empty text and the finish reason.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "server/encode/chat_frame.h"
#include "server/encode/text_cursor.h"
#include "server/reply.h"

namespace mimus::server {

// `frame.id` is a "cmpl-..."; no service tier is shown. A fingerprint is shown where there is one and the style has it.
std::string encode_completion(const ChatFrame& frame, const Reply& reply);

// {"tokens":[..],"token_logprobs":[..],"top_logprobs":[{..}],"text_offset":[..]}; offsets count characters, the first
// entry is at `offset`. Gives the offset behind the last.
std::int64_t append_legacy_logprobs(std::span<const TokenLogprob> tokens, std::int64_t offset, std::string& out);

}  // namespace mimus::server
