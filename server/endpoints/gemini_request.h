// Reading the Gemini endpoints: from bytes to a Call, or to the refusal that Google would give. Pure, thread-safe.
// Checks run in Google's order: JSON and the types of fields, then the model, then what the fields say.
#pragma once

#include <memory>
#include <string_view>

#include "api/api_error.h"
#include "api/json.h"
#include "api/result.h"
#include "server/call.h"
#include "server/endpoints/endpoint.h"

namespace mimus::server {

struct GeminiRequest {
  Call call;
  std::shared_ptr<const JsonDocument> schemas;  // JSON Schemas made of Google's; views in the call point into it
  bool shows_thoughts = false;                  // thinkingConfig.includeThoughts
  bool is_bare_value = false;                   // text/x.enum: a value without its quotes
};

// For :generateContent and :streamGenerateContent; the model stands in the path. Errors are as they go to the caller.
Result<GeminiRequest, ApiError> read_gemini_request(const Exchange& exchange);

// For :countTokens: contents alone, or a whole generateContentRequest.
Result<GeminiRequest, ApiError> read_gemini_count(const Exchange& exchange);

// Where the request's path names the model, without directives: "gemini-2.5-flash".
std::string_view gemini_model_in(const Exchange& exchange);

}  // namespace mimus::server
