// The text that a reply brought, whatever the API: chat, legacy completions, Responses, Gemini; whole or streamed.
// Pure.
#pragma once

#include <string>

#include "conformance/validate/rule.h"

namespace mimus::conformance {

struct Answer {
  std::string text;    // of the first choice
  std::string finish;  // its reason as spelled: "stop", "max_output_tokens", "MAX_TOKENS"; may be empty
};

Answer answer_of(const Transcript& transcript);

}  // namespace mimus::conformance
