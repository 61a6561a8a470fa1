// Files: POST and GET /files, GET and DELETE /files/{file_id}, GET /files/{file_id}/content.
// Source: OpenAI API reference, files (members, purposes, expiry, paging).
#pragma once

#include "server/endpoints/endpoint.h"

namespace mimus::server {

Delivery answer_files_create(const Exchange& exchange, const Services& services);
Delivery answer_files_list(const Exchange& exchange, const Services& services);
Delivery answer_files_retrieve(const Exchange& exchange, const Services& services);
Delivery answer_files_content(const Exchange& exchange, const Services& services);
Delivery answer_files_delete(const Exchange& exchange, const Services& services);

}  // namespace mimus::server
