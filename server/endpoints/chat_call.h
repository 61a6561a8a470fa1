// From a chat body that passed all checks to a Call. Cannot fail.
#pragma once

#include <memory>

#include "api/json.h"
#include "server/call.h"

namespace mimus::server {

// Everything but model, snapshot and operation. Views in the Call point into `body`, which the Call keeps.
Call read_chat_call(std::shared_ptr<const JsonDocument> body);

}  // namespace mimus::server
