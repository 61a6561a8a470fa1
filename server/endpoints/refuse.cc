#include "server/endpoints/refuse.h"

#include "server/encode/make_delivery.h"

namespace mimus::server {

Delivery refuse(const Refusal& refusal, const Dialect& dialect) {
  return make_error(dialect.error(refusal.situation, refusal.args), dialect.error_members);
}

}  // namespace mimus::server
