// POST /images/generations, /images/edits and /images/variations, and the pictures behind the URLs that they give.
// Source: OpenAI API reference, images.
#pragma once

#include "server/endpoints/endpoint.h"

namespace mimus::server {

Delivery answer_images_generations(const Exchange& exchange, const Services& services);
Delivery answer_images_edits(const Exchange& exchange, const Services& services);
Delivery answer_images_variations(const Exchange& exchange, const Services& services);

// GET, without a key: a client fetches it like any picture of the web.
Delivery answer_images_file(const Exchange& exchange, const Services& services);

}  // namespace mimus::server
