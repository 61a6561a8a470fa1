// GET /health, where a vendor documents one. Its body is mimus's own: {"status":"ok"}.
#pragma once

#include "server/endpoints/endpoint.h"

namespace mimus::server {

Delivery answer_health(const Exchange& exchange, const Services& services);

}  // namespace mimus::server
