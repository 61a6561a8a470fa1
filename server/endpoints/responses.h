// POST /responses, and POST /responses/input_tokens. Source: OpenAI API reference, responses.
// Tools that the vendor runs itself are accepted and never called; stored prompts do not exist.
#pragma once

#include "server/endpoints/endpoint.h"

namespace mimus::server {

Delivery answer_responses(const Exchange& exchange, const Services& services);
Delivery answer_responses_input_tokens(const Exchange& exchange, const Services& services);

}  // namespace mimus::server
