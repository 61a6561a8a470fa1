// POST /images/generations, and the pictures behind the URLs that it gives.
// Source: OpenAI API reference, images (parameters by model, reply, events of the stream). Every picture is a PNG:
// mimus has no encoder for jpeg and webp, so a reply says "png" whatever output_format asked for.
#pragma once

#include "server/endpoints/endpoint.h"

namespace mimus::server {

Delivery answer_images_generations(const Exchange& exchange, const Services& services);

// GET, without a key: a client fetches it like any picture of the web.
Delivery answer_images_file(const Exchange& exchange, const Services& services);

}  // namespace mimus::server
