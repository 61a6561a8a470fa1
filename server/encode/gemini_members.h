// Pieces of a GenerateContentResponse that its whole and its streamed form have in common. Internal to encode.
#pragma once

#include <string>
#include <string_view>

#include "server/encode/gemini_body.h"
#include "server/reply.h"

namespace mimus::server {

// "STOP", "MAX_TOKENS", "SAFETY".
std::string_view gemini_name_of(FinishReason reason);

// {"text":"..."}, or with "thought":true for what a model thought.
void append_text_part(std::string_view text, bool is_thought, std::string& out);

// {"functionCall":{"name":..,"args":{..}}}. Arguments that are not a JSON object are wrapped as {"input": TEXT}.
void append_call_part(const ToolCall& call, std::string& out);

// ,"usageMetadata":{..},"modelVersion":..,"responseId":..} with the tokens of the candidates where `is_last`.
void append_gemini_end(const GeminiFrame& frame, const Usage& usage, bool is_last, std::string& out);

}  // namespace mimus::server
