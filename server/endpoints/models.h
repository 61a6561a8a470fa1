// GET /models, GET and DELETE /models/{model}. Source: OpenAI API reference, models.
#pragma once

#include "server/endpoints/endpoint.h"

namespace mimus::server {

Delivery answer_models_list(const Exchange& exchange, const Services& services);
Delivery answer_models_retrieve(const Exchange& exchange, const Services& services);
Delivery answer_models_delete(const Exchange& exchange, const Services& services);

}  // namespace mimus::server
