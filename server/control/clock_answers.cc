#include "api/json_writer.h"
#include "api/object_reader.h"
#include "server/control/answers.h"
#include "server/journal/entry_json.h"

namespace mimus::server {
namespace {

constexpr double kLatestEpoch = 253402300799;  // the end of the year 9999

Delivery tell(const Clock& clock) {
  const WallTime now = clock.now();
  std::string body;
  JsonWriter writer(body);
  writer.object().member("now", iso_time(now));
  writer.key("epoch").number(static_cast<double>(now.time_since_epoch().count()) / 1e6);
  writer.member("frozen", clock.is_frozen()).end_object();
  return control_reply(200, std::move(body));
}

void freeze(ObjectReader& reader, Json value, Clock& clock) {
  if (value.is_bool() && value.as_bool()) return clock.freeze();
  const bool is_epoch = value.is_number() && value.as_double() >= 0 && value.as_double() <= kLatestEpoch;
  if (!is_epoch) return reader.fail("freeze", "expected true or seconds since 1970, found " + describe(value));
  clock.freeze(WallTime(Duration(static_cast<std::int64_t>(value.as_double() * 1e6))));
}

void advance(ObjectReader& reader, Json value, Clock& clock) {
  const auto by = read_duration(value.string_or(""));
  if (!by)
    return reader.fail("advance", "expected a duration such as \"61s\", at most \"3600s\", found " + describe(value));
  clock.advance(*by);
}

void resume(ObjectReader& reader, Json value, Clock& clock) {
  if (!value.bool_or(false)) return reader.fail("resume", "expected true, found " + describe(value));
  if (clock.is_frozen()) clock.run();
}

}  // namespace

Delivery show_clock(const ControlRequest&, const ControlDesk& desk) {
  return tell(desk.services.clock);
}

Delivery set_clock(const ControlRequest& request, const ControlDesk& desk) {
  const auto json = parse_file_text(request.http.body, "(sent)");
  if (!json) return control_error(400, json.error());
  ObjectReader reader(json->root(), "");
  Clock& clock = desk.services.clock;
  const std::pair<Json, void (*)(ObjectReader&, Json, Clock&)> wishes[] = {
      {reader.any("freeze"), freeze}, {reader.any("advance"), advance}, {reader.any("resume"), resume}};
  if (!reader.failed() && json->root().size() != 1) {
    reader.fail("", "expected one of \"freeze\", \"advance\" and \"resume\"");
  }
  if (const auto done = reader.finish(); !done) return control_error(400, done.error());
  for (const auto& [value, act] : wishes) {
    if (value) act(reader, value, clock);
  }
  if (const auto done = reader.finish(); !done) return control_error(400, done.error());
  return tell(clock);
}

}  // namespace mimus::server
