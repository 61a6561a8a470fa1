// Refusals on their way out: a situation becomes the vendor's error, and that a Delivery. Pure and thread-safe.
#pragma once

#include "server/delivery.h"
#include "server/dialect/dialect.h"

namespace mimus::server {

Delivery refuse(const Refusal& refusal, const Dialect& dialect);

}  // namespace mimus::server
