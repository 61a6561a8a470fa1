// Chat completions that were made with "store": true. Source: OpenAI API reference, stored chat completions.
#pragma once

#include "server/call.h"
#include "server/encode/chat_frame.h"
#include "server/endpoints/endpoint.h"
#include "server/reply.h"

namespace mimus::server {

// Keeps a completion if its request asks for it.
void remember_completion(const Exchange& exchange, const Services& services, const Call& call, const ChatFrame& frame,
                         const Reply& reply);

// GET /chat/completions: filtered by ?model= and ?metadata[key]=, the oldest first.
Delivery answer_stored_completion_list(const Exchange& exchange, const Services& services);
Delivery answer_stored_completion_retrieve(const Exchange& exchange, const Services& services);
Delivery answer_stored_completion_update(const Exchange& exchange, const Services& services);  // its metadata
Delivery answer_stored_completion_delete(const Exchange& exchange, const Services& services);
Delivery answer_stored_completion_messages(const Exchange& exchange, const Services& services);  // of its request

}  // namespace mimus::server
