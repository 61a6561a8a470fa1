// POST /moderations. Source: OpenAI API reference, moderations. What is flagged, and why: server/synth/moderation.h.
#pragma once

#include "server/endpoints/endpoint.h"

namespace mimus::server {

Delivery answer_moderations(const Exchange& exchange, const Services& services);

}  // namespace mimus::server
