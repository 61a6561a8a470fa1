// Batches: POST and GET /batches, GET /batches/{batch_id}, POST /batches/{batch_id}/cancel.
// A batch moves on by one step each time that it is retrieved (server/state/batch.h), so a caller that polls sees every
// state; a list shows batches as they are. Source: OpenAI API reference, batches.
#pragma once

#include "server/endpoints/endpoint.h"

namespace mimus::server {

Delivery answer_batches_create(const Exchange& exchange, const Services& services);
Delivery answer_batches_list(const Exchange& exchange, const Services& services);
Delivery answer_batches_retrieve(const Exchange& exchange, const Services& services);
Delivery answer_batches_cancel(const Exchange& exchange, const Services& services);

}  // namespace mimus::server
