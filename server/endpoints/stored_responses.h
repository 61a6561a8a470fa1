// Responses that were stored: GET, DELETE, POST .../cancel and GET .../input_items of /responses/{response_id}.
// Source: OpenAI API reference, responses. A response in the background is queued when it is made, in progress until
// the time at which a reply in the foreground would have been complete, and completed from then on.
#pragma once

#include "server/endpoints/endpoint.h"

namespace mimus::server {

// With ?stream=true the events of its stream again, all at once, those behind ?starting_after.
Delivery answer_responses_retrieve(const Exchange& exchange, const Services& services);
Delivery answer_responses_delete(const Exchange& exchange, const Services& services);
Delivery answer_responses_cancel(const Exchange& exchange, const Services& services);

// Everything that the response was given, also by the ones that it continues.
Delivery answer_responses_input_items(const Exchange& exchange, const Services& services);

}  // namespace mimus::server
