// POST /chat/completions, whole and streamed. Source: OpenAI API reference, chat.
#pragma once

#include "server/endpoints/endpoint.h"

namespace mimus::server {

Delivery answer_chat(const Exchange& exchange, const Services& services);

}  // namespace mimus::server
