#include "server/endpoints/health.h"

#include "server/encode/make_delivery.h"

namespace mimus::server {

Delivery answer_health(const Exchange&, const Services&) {
  return make_json(200, R"({"status":"ok"})");
}

}  // namespace mimus::server
