// POST /embeddings. Source: OpenAI API reference, embeddings (limits, shapes, base64 as little-endian float32).
#pragma once

#include "server/endpoints/endpoint.h"

namespace mimus::server {

Delivery answer_embeddings(const Exchange& exchange, const Services& services);

}  // namespace mimus::server
