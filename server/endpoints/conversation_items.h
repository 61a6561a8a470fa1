// The items of a conversation: /conversations/{conversation_id}/items. Source: OpenAI API reference, conversation
// items.
#pragma once

#include "server/endpoints/endpoint.h"

namespace mimus::server {

Delivery answer_conversation_items_create(const Exchange& exchange, const Services& services);
Delivery answer_conversation_items_list(const Exchange& exchange, const Services& services);
Delivery answer_conversation_items_retrieve(const Exchange& exchange, const Services& services);
Delivery answer_conversation_items_delete(const Exchange& exchange, const Services& services);

}  // namespace mimus::server
