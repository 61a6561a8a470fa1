#include "server/journal/traffic.h"

#include "server/journal/make_entry.h"

namespace mimus::server {

Traffic::Reply Traffic::begin(const HttpRequest& http, std::string_view request_id, const Notes& notes,
                              const Delivery& delivery, const Clock& clock) {
  Reply reply{0, {notes.operation, delivery.status, delivery.frames != nullptr}};
  metrics.begin(reply.counted, notes);
  if (journal.caps().entries > 0) {
    reply.entry =
        journal.open(make_entry(http, {notes, request_id, delivery.status, clock.now()}, journal.caps().body));
  }
  return reply;
}

void Traffic::end(const Reply& reply, const DeliveryOutcome& outcome) {
  metrics.end(reply.counted, outcome);
  if (reply.entry != 0) journal.close(reply.entry, fate_of(outcome));
}

}  // namespace mimus::server
