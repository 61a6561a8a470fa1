#include "api/object_reader.h"
#include "server/control/answers.h"
#include "server/ids.h"
#include "server/journal/make_entry.h"
#include "server/limits/limits.h"
#include "server/scripting.h"

namespace mimus::server {
namespace {

struct Reset {
  std::string test;       // one test, by the value of its header
  std::string key;        // or by its API key
  bool fixtures = false;  // also the fixtures added at run time
};

Result<Reset> read_reset(std::string_view body) {
  Reset reset;
  if (body.empty()) return reset;
  const auto json = parse_file_text(body, "(sent)");
  if (!json) return json.error();
  ObjectReader reader(json->root(), "");
  reset.test = reader.string("test", "");
  reset.key = reader.string("key", "");
  reset.fixtures = reader.boolean("fixtures", false);
  const bool is_one = reader.failed() || (json->root().find("test") || json->root().find("key"));
  if (!reset.test.empty() && !reset.key.empty()) reader.fail("key", "expected \"test\" or \"key\", found both");
  if (is_one && reset.test.empty() && reset.key.empty()) reader.fail("", "the name of a test is never empty");
  if (is_one && reset.fixtures) reader.fail("fixtures", "all tests share the fixtures: leave the test away");
  if (const auto done = reader.finish(); !done) return done.error();
  return reset;
}

void reset_test(const Reset& reset, const ControlDesk& desk) {
  desk.services.scripting.states.reset(test_key(reset.test, reset.key));
  const std::uint64_t hash = hash_of_key(reset.key);
  desk.traffic.journal.forget([&](const Entry& entry) {
    return reset.test.empty() ? entry.test.empty() && entry.key_hash == hash : entry.test == reset.test;
  });
}

void reset_all(const Reset& reset, const ControlDesk& desk) {
  Scripting& scripting = desk.services.scripting;
  scripting.states.reset();
  scripting.store.forget_hits();
  if (reset.fixtures) scripting.store.remove_added();
  desk.services.ids.reset();
  desk.services.limits.reset();
  desk.traffic.journal.forget();
}

}  // namespace

Delivery reset(const ControlRequest& request, const ControlDesk& desk) {
  const auto reset = read_reset(request.http.body);
  if (!reset) return control_error(400, reset.error());
  const bool is_one = !reset->test.empty() || !reset->key.empty();
  is_one ? reset_test(*reset, desk) : reset_all(*reset, desk);
  return control_reply(200, R"({"status":"reset"})");
}

}  // namespace mimus::server
