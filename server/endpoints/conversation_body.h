// What the endpoints of conversations share: their body, and the refusal of an unknown one.
#pragma once

#include <string>

#include "api/result.h"
#include "server/endpoints/endpoint.h"
#include "server/endpoints/response_state.h"

namespace mimus::server {

// {"id":..,"object":"conversation","created_at":..,"metadata":{..}}
std::string encode_conversation(const std::string& id, const StoredConversation& conversation);

// The conversation that the path names. Refusals: conversation_not_found.
Result<std::shared_ptr<const StoredConversation>, Refusal> find_conversation(const Exchange& exchange,
                                                                             const Services& services);
Refusal conversation_not_found(const Exchange& exchange);

// The items of a body with "items", checked and with their ids.
Result<std::vector<SharedItem>, Refusal> read_body_items(Json body, const Services& services);

}  // namespace mimus::server
