#include <algorithm>
#include <charconv>

#include "api/json_writer.h"
#include "api/object_reader.h"
#include "server/control/answers.h"
#include "server/control/query_reader.h"
#include "server/match/fixture_reader.h"
#include "server/match/lint.h"
#include "server/scripting.h"

namespace mimus::server {
namespace {

FixtureStore& store_of(const ControlDesk& desk) {
  return desk.services.scripting.store;
}

void write_fixture(const FixtureStore::Listed& listed, JsonWriter& writer) {
  const Fixture& fixture = *listed.fixture;
  writer.object().member("id", static_cast<std::int64_t>(fixture.id)).member("name", fixture.name);
  writer.member("origin", fixture.origin).member("hits", static_cast<std::int64_t>(listed.hits));
  writer.member("conditions", static_cast<std::int64_t>(fixture.when.size()));
  writer.member("priority", fixture.priority).end_object();
}

std::optional<std::uint64_t> read_id(std::string_view text) {
  std::uint64_t id = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), id);
  return wrong == std::errc() && end == text.data() + text.size() ? std::optional(id) : std::nullopt;
}

Delivery no_such_fixture(std::string_view id) {
  return control_error(404, "There is no fixture " + std::string(id) + ".");
}

// Everything that is wrong with the sent text, as `mimus lint` tells it; nothing of it was taken.
Delivery refuse_fixtures(std::string_view text, const Error& first, const Vocabulary& vocabulary) {
  std::vector<Error> findings;
  const auto parsed = parse_file_text(text, "(sent)");
  if (parsed && parsed->root().find("fixtures")) {
    read_fixtures(text, "(sent)", vocabulary, [&findings](const Error& error) {
      findings.push_back(error);
      return findings.size() < kMostFindings;
    });
  }
  if (findings.empty()) findings.push_back(first);
  std::string body;
  JsonWriter writer(body);
  writer.object().key("error").object().member("message", "No fixture was taken: " + first.text());
  writer.key("findings").array();
  for (const Error& finding : findings) {
    writer.object().member("where", finding.where).member("message", finding.message).end_object();
  }
  writer.end_array().end_object().end_object();
  return control_reply(400, std::move(body));
}

using Take = Result<std::vector<std::uint64_t>> (FixtureStore::*)(std::string_view);

Delivery take_fixtures(const ControlRequest& request, const ControlDesk& desk, Take take, int status) {
  FixtureStore& store = store_of(desk);
  const auto ids = (store.*take)(request.http.body);
  if (!ids) return refuse_fixtures(request.http.body, ids.error(), desk.services.scripting.vocabulary);
  std::string body;
  JsonWriter writer(body);
  writer.object().key("ids").array();
  for (const std::uint64_t id : *ids) writer.integer(static_cast<std::int64_t>(id));
  writer.end_array().member("total", static_cast<std::int64_t>(store.snapshot()->ranked().size())).end_object();
  return control_reply(status, std::move(body));
}

}  // namespace

Delivery list_fixtures(const ControlRequest& request, const ControlDesk& desk) {
  constexpr std::uint64_t kMost = 10'000;
  QueryReader query(request.http.query);
  const std::uint64_t limit = query.integer("limit", 1000, 1, kMost);
  const std::uint64_t after = query.integer("after", 0, 0, INT64_MAX);
  if (const auto done = query.finish(); !done) return control_error(400, done.error());
  const std::vector<FixtureStore::Listed> all = store_of(desk).list();
  std::string body;
  JsonWriter writer(body);
  writer.object().key("fixtures").array();
  std::uint64_t last = 0;
  std::uint64_t written = 0;
  for (const FixtureStore::Listed& listed : all) {
    if (listed.fixture->id <= after) continue;
    if (written++ == limit) break;
    last = listed.fixture->id;
    write_fixture(listed, writer);
  }
  writer.end_array().member("total", static_cast<std::int64_t>(all.size())).key("next");
  written > limit ? writer.integer(static_cast<std::int64_t>(last)) : writer.null();
  writer.end_object();
  return control_reply(200, std::move(body));
}

Delivery show_fixture(const ControlRequest& request, const ControlDesk& desk) {
  const auto id = read_id(request.id);
  const std::vector<FixtureStore::Listed> all = store_of(desk).list();
  const auto found =
      std::find_if(all.begin(), all.end(), [&id](const auto& listed) { return listed.fixture->id == id; });
  if (!id || found == all.end()) return no_such_fixture(request.id);
  std::string body;
  JsonWriter writer(body);
  writer.object().member("id", static_cast<std::int64_t>(*id)).member("origin", found->fixture->origin);
  writer.member("hits", static_cast<std::int64_t>(found->hits));
  writer.key("fixture").value(found->fixture->source).end_object();
  return control_reply(200, std::move(body));
}

Delivery add_fixtures(const ControlRequest& request, const ControlDesk& desk) {
  return take_fixtures(request, desk, &FixtureStore::add, 201);
}

Delivery replace_fixtures(const ControlRequest& request, const ControlDesk& desk) {
  return take_fixtures(request, desk, &FixtureStore::replace, 200);
}

Delivery delete_fixture(const ControlRequest& request, const ControlDesk& desk) {
  const auto id = read_id(request.id);
  if (!id || !store_of(desk).remove(*id)) return no_such_fixture(request.id);
  return control_reply(200, R"({"deleted":1})");
}

Delivery delete_fixtures(const ControlRequest&, const ControlDesk& desk) {
  const std::size_t count = store_of(desk).snapshot()->ranked().size();
  store_of(desk).clear();
  return control_reply(200, "{\"deleted\":" + std::to_string(count) + "}");
}

Delivery list_unused(const ControlRequest& request, const ControlDesk& desk) {
  QueryReader query(request.http.query);
  if (const auto done = query.finish(); !done) return control_error(400, done.error());
  std::string body;
  JsonWriter writer(body);
  writer.object().key("unused").array();
  for (const FixturePtr& fixture : store_of(desk).unused()) write_fixture({fixture, 0}, writer);
  writer.end_array().end_object();
  return control_reply(200, std::move(body));
}

}  // namespace mimus::server
