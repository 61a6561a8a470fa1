#include "server/dialect/request_rules.h"

namespace mimus::server {

struct Rule {};

}  // namespace mimus::server
