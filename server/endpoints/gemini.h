// The Gemini API: POST models/{model}:generateContent, :streamGenerateContent and :countTokens. The stream is one of
// events with ?alt=sse, else one JSON array. Counting takes no part in fixtures and directives.
// Sources: Google's Gemini API reference (v1beta); Google's GenAI SDK 2.32 and its recorded traffic.
#pragma once

#include "server/endpoints/endpoint.h"

namespace mimus::server {

Delivery answer_gemini_generate(const Exchange& exchange, const Services& services);
Delivery answer_gemini_stream(const Exchange& exchange, const Services& services);
Delivery answer_gemini_count(const Exchange& exchange, const Services& services);

}  // namespace mimus::server
