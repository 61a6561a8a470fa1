// Reading POST /images/edits and /images/variations: a form, or for edits a JSON body that refers to its pictures.
// Pictures are checked by what they say of themselves; none is fetched from elsewhere. Thread-safe.
// Source: OpenAI API reference, images (parameters and pictures by model).
#pragma once

#include "server/endpoints/endpoint.h"
#include "server/endpoints/image_request.h"

namespace mimus::server {

Result<ImageRequest, Refusal> read_image_edit(const Exchange& exchange, const Services& services);
Result<ImageRequest, Refusal> read_image_variation(const Exchange& exchange);

}  // namespace mimus::server
