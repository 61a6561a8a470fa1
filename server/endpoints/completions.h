// POST /completions, the legacy endpoint. Source: OpenAI API reference, completions.
#pragma once

#include "server/endpoints/endpoint.h"

namespace mimus::server {

Delivery answer_completions(const Exchange& exchange, const Services& services);

}  // namespace mimus::server
