// Uploads: POST /uploads, /uploads/{upload_id}/parts, /complete and /cancel.
// Source: OpenAI API reference, uploads (members, one hour to live, parts of at most 64 MB).
#pragma once

#include "server/endpoints/endpoint.h"

namespace mimus::server {

Delivery answer_uploads_create(const Exchange& exchange, const Services& services);
Delivery answer_uploads_parts(const Exchange& exchange, const Services& services);
Delivery answer_uploads_complete(const Exchange& exchange, const Services& services);
Delivery answer_uploads_cancel(const Exchange& exchange, const Services& services);

}  // namespace mimus::server
