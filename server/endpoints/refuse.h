// Refusals on their way out: a situation becomes the vendor's error, and that a Delivery. Pure and thread-safe.
#pragma once

#include "server/delivery.h"
#include "server/dialect/dialect.h"

namespace mimus::server {

Delivery refuse(const Refusal& refusal, const Dialect& dialect, ErrorForm form = ErrorForm::Members);

// An error in the form in which the dialect's endpoints write it.
Delivery deliver_error(const ApiError& error, const Dialect& dialect, ErrorForm form);

}  // namespace mimus::server
