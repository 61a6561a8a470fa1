// A reply with pictures, whole or streamed, painted or scripted. Thread-safe.
// Source: OpenAI API reference, images (reply, events of the stream). Every picture that mimus paints is a PNG: it has
// no encoder for jpeg and webp, so a reply says "png" whatever output_format asked for.
#pragma once

#include "server/endpoints/endpoint.h"
#include "server/endpoints/image_request.h"
#include "server/endpoints/scripted.h"

namespace mimus::server {

// As with choices, one scripted picture stands for each of the n asked for, and several come as they are. A stream
// needs bytes: where the script gives only an address, the picture is painted.
Delivery reply_with_images(const ImageRequest& request, const Exchange& exchange, const Services& services,
                           const Script& script);

// What stands before the path of an endpoint: empty, or "/NAME" where its dialect is mounted below a name.
std::string_view mount_prefix(const Exchange& exchange);

}  // namespace mimus::server
