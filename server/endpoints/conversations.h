// Conversations: what responses were asked and said, kept under one id. Source: OpenAI API reference, conversations.
#pragma once

#include "server/endpoints/endpoint.h"

namespace mimus::server {

Delivery answer_conversations_create(const Exchange& exchange, const Services& services);
Delivery answer_conversations_retrieve(const Exchange& exchange, const Services& services);
Delivery answer_conversations_update(const Exchange& exchange, const Services& services);
Delivery answer_conversations_delete(const Exchange& exchange, const Services& services);

}  // namespace mimus::server
