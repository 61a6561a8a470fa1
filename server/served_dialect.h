// Dialects that can be served: every endpoint that they name is one that mimus answers.
#pragma once

#include <string>

#include "api/result.h"
#include "server/dialect/dialect.h"

namespace mimus::server {

// load_dialect(), and besides Errc::BadInput for an endpoint under a name that nothing answers to, with the nearest.
Result<Dialect> load_served_dialect(const std::string& name_or_file);

}  // namespace mimus::server
