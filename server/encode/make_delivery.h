// Deliveries around encoded bodies: their status and content type. Pure and thread-safe. Headers that every reply of a
// dialect has, and request ids, are added by the caller.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "api/api_error.h"
#include "server/delivery.h"

namespace mimus::server {

Delivery make_json(int status, std::string body);

// An error in the shape of a dialect with these error members, with the headers that the error brings.
Delivery make_error(const ApiError& error, std::span<const std::string> members);
Delivery make_google_error(const ApiError& error);

// A stream of server-sent events. The head leaves with the first token, as a real API's does: clients time out on it.
Delivery make_event_stream(std::unique_ptr<FrameSource> frames, Duration ttft);

}  // namespace mimus::server
