// What a Gemini request must fulfil beyond the types of its fields: the conversation, the tools, the parameters.
// Each check gives the first refusal, or nothing. The body has gone through parse_gemini. Pure and thread-safe.
// Sources: Google's reference of generateContent and function calling; wording as quoted in public issues
// (vercel/ai#3775, google-gemini/gemini-cli#26486 and #16132, kaitranntt/ccs#25, Chevey339/kelivo#317); the wording of
// ranges is that of the field messages, recalled and not confirmed.
#pragma once

#include <optional>
#include <string_view>

#include "api/api_error.h"
#include "api/json.h"

namespace mimus::server {

// Of `contents` and, where it is there, `systemInstruction`. `request` is the message that errors name.
std::optional<ApiError> check_gemini_contents(Json body, std::string_view request = "GenerateContentRequest");

// Of tools, toolConfig, generationConfig, cachedContent.
std::optional<ApiError> check_gemini_parameters(Json body, std::string_view model);

}  // namespace mimus::server
