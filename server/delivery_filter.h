// What may change deliveries on their way out, from outside the server: the deviations that `mimus check` exists to
// find.
#pragma once

#include <string>
#include <vector>

#include "server/delivery.h"
#include "server/http_request.h"

namespace mimus::server {

class DeliveryFilter {
 public:
  virtual ~DeliveryFilter() = default;
  // All that a directive deviate=NAME may name.
  [[nodiscard]] virtual std::vector<std::string> names() const = 0;
  // Whether apply() does anything when a request asks for nothing.
  [[nodiscard]] virtual bool is_always_on() const = 0;
  // `delivery` as it leaves; `asked` are names that this request gave. Thread-safe.
  [[nodiscard]] virtual Delivery apply(const HttpRequest& http, const std::vector<std::string>& asked,
                                       Delivery delivery) const = 0;
};

}  // namespace mimus::server
