// For faults that need a whole body to break its promise: a head that promises a length by itself. Internal to pace.
#pragma once

#include <cstddef>
#include <string>

#include "server/delivery.h"

namespace mimus::server {

// Status line and headers of `delivery`, and a Content-Length of `length`. Source: RFC 9112, 2 to 4 (the reason phrase
// may be empty).
std::string raw_head(const Delivery& delivery, std::size_t length);

}  // namespace mimus::server
