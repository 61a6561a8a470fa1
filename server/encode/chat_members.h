// Pieces of JSON that the whole chat completion and its stream have in common. Each appends to the end of `out`.
// Pure and thread-safe. Source: OpenAI API reference and recorded replies (member order, null or absent).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "api/append_integer.h"
#include "server/encode/chat_frame.h"
#include "server/reply.h"

namespace mimus::server {

// "stop", "length", "tool_calls", "function_call", "content_filter".
std::string_view name_of(FinishReason reason);

// The old shape of a function call, which has no id.
bool is_legacy_call(const Choice& choice);

// A choice whose content is null rather than "": it calls or refuses instead.
bool says_nothing(const Choice& choice);

void append_quoted(std::string_view text, std::string& out);  // with quotes, escaped

// {"id":..,"object":..,"created":..,"model":..   with more to come
void append_start(const ChatFrame& frame, std::string_view object, std::string& out);

// {"prompt_tokens":..,"completion_tokens":..,"total_tokens":..}, with details where `style` has them.
void append_usage(const Usage& usage, const BodyStyle& style, std::string& out);

// ,"service_tier":..,"system_fingerprint":.. where the style has them.
void append_tier_and_fingerprint(const ChatFrame& frame, std::string& out);

// [{"token":..,"logprob":..,"bytes":[..],"top_logprobs":[..]},...]
void append_token_logprobs(std::span<const TokenLogprob> tokens, std::string& out);

// {"content":[...],"refusal":null}, as the member `logprobs` of a choice has it.
void append_logprobs(std::span<const TokenLogprob> tokens, std::string& out);

}  // namespace mimus::server
