#include "api/json_writer.h"
#include "server/control/answers.h"
#include "server/limits/limits.h"

namespace mimus::server {
namespace {

// {"limit":10,"used":3,"remaining":7,"reset_s":42.0}; null where nothing is limited.
void write_state(std::string_view name, const std::optional<LimitState>& state, JsonWriter& writer) {
  writer.key(name);
  if (!state) {
    writer.null();
    return;
  }
  writer.object().member("limit", state->limit).member("used", state->used).member("remaining", state->remaining);
  writer.key("reset_s").number(static_cast<double>(state->reset.count()) / 1e6).end_object();
}

}  // namespace

Delivery show_limits(const ControlRequest&, const ControlDesk& desk) {
  const Limits& limits = desk.services.limits;
  std::string body;
  JsonWriter writer(body);
  writer.object().key("limits").array();
  for (const Limits::Shown& shown : limits.snapshot(desk.services.clock.now())) {
    writer.object().member("dialect", shown.dialect).member("key", shown.state.key);
    writer.member("class", shown.state.limit_class);
    write_state("requests", shown.state.requests, writer);
    write_state("tokens", shown.state.tokens, writer);
    writer.end_object();
  }
  const RateLimiter::Stats stats = limits.stats();
  writer.end_array().member("counters", static_cast<std::int64_t>(stats.keys));
  writer.member("evicted", static_cast<std::int64_t>(stats.evicted)).end_object();
  return control_reply(200, std::move(body));
}

}  // namespace mimus::server
