#include "server/journal/metrics.h"

namespace mimus::server {

void Metrics::begin(const Counted& reply, const Notes& notes) {
  const std::lock_guard lock(mutex_);
  ++counts_.scripted[notes.script];
  counts_.prompt_tokens += static_cast<std::uint64_t>(notes.prompt_tokens);
  counts_.completion_tokens += static_cast<std::uint64_t>(notes.completion_tokens);
  ++counts_.open_replies;
  if (reply.is_stream) ++counts_.open_streams;
}

void Metrics::end(const Counted& reply, const DeliveryOutcome& outcome) {
  const std::lock_guard lock(mutex_);
  Ended& ended = counts_.ended[{reply.operation, reply.status}];
  ++ended.replies;
  ended.bytes += outcome.bytes;
  ended.time += outcome.last_byte;
  if (outcome.client_left) ++counts_.clients_left;
  --counts_.open_replies;
  if (reply.is_stream) --counts_.open_streams;
}

Metrics::Counts Metrics::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace mimus::server
