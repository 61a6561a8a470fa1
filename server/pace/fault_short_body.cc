// short_body:by=N (default 10): the head promises N bytes more than come. A stream promises no length: nothing changes.
#include "server/pace/fault_kinds.h"
#include "server/pace/raw_head.h"

namespace mimus::server {

Delivery fault_short_body(Delivery delivery, const FaultArgs& args, const FaultContext&) {
  constexpr std::int64_t kUsual = 10;
  if (delivery.frames) return delivery;
  delivery.raw_head = raw_head(delivery, delivery.body.size() + static_cast<std::size_t>(args.count("by", kUsual)));
  delivery.ending = Ending::Cut;
  return delivery;
}

}  // namespace mimus::server
