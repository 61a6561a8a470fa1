#include "server/match/fixture_reader.h"

#include "api/object_reader.h"
#include "server/match/reply_reader.h"

namespace mimus::server {
namespace {

constexpr std::int64_t kMostTimes = 1'000'000'000;

void read_replies(ObjectReader& reader, Fixture& fixture, const Vocabulary& vocabulary) {
  const Json single = reader.any("reply");
  const Json several = reader.array("replies");
  if (static_cast<bool>(single) == static_cast<bool>(several)) {
    return reader.fail("", "expected either \"reply\" or \"replies\"");
  }
  const auto read = [&](Json json, const std::string& where) {
    auto reply = read_reply(json, where, vocabulary);
    if (!reply) return reader.fail(reply.error());
    fixture.replies.push_back(std::move(*reply));
  };
  if (single) return read(single, reader.path_of("reply"));
  if (several.size() == 0) reader.fail("replies", "expected at least one reply");
  for (std::size_t i = 0; i < several.size() && !reader.failed(); ++i) {
    read(several.at(i), reader.path_of("replies") + "/" + std::to_string(i));
  }
}

// The fixtures array of a document, or an error.
Result<Json> fixtures_of(Json root) {
  ObjectReader reader(root, "");
  reader.required_integer("mimus", 1, 1);  // the version of the format
  reader.string("$schema", "");
  const Json fixtures = reader.required_array("fixtures");
  if (const auto done = reader.finish(); !done) return done.error();
  return fixtures;
}

}  // namespace

Result<Fixture> read_fixture(Json json, const std::string& where, std::shared_ptr<const JsonDocument> document,
                             const Vocabulary& vocabulary) {
  ObjectReader reader(json, where);
  Fixture fixture;
  fixture.name = reader.string("name", "");
  auto when = read_when(reader.any("when"), reader.path_of("when"), vocabulary);
  if (!when) reader.fail(when.error());
  if (when) fixture.when = std::move(*when);
  read_replies(reader, fixture, vocabulary);
  const std::vector<std::string_view> thens = {"repeat", "cycle", "fall_through", "error"};
  fixture.then = static_cast<Then>(reader.one_of("then", thens, 0));
  if (reader.any("times")) fixture.times = static_cast<std::uint64_t>(reader.integer("times", 1, 1, kMostTimes));
  for (const std::string& text : reader.strings("set")) {
    auto state = read_state_value(text);
    if (!state) reader.fail("set", state.error().message);
    if (state) fixture.set.push_back(std::move(*state));
  }
  fixture.priority = static_cast<int>(reader.integer("priority", 0, -1'000'000, 1'000'000));
  fixture.source = json;
  fixture.document = std::move(document);
  if (const auto done = reader.finish(); !done) return done.error();
  return fixture;
}

std::vector<Fixture> read_fixtures(std::string_view text, const std::string& file, const Vocabulary& vocabulary,
                                   const Complain& complain) {
  std::vector<Fixture> fixtures;
  auto parsed = parse_file_text(text, file);
  if (!parsed) return complain(parsed.error()), fixtures;
  const auto document = std::make_shared<const JsonDocument>(std::move(*parsed));
  const auto array = fixtures_of(document->root());
  if (!array) return complain(placed_in_file(array.error(), file, text)), fixtures;
  fixtures.reserve(array->size());
  for (std::size_t i = 0; i < array->size(); ++i) {
    const std::string where = "/fixtures/" + std::to_string(i);
    auto fixture = read_fixture(array->at(i), where, document, vocabulary);
    if (!fixture) {
      if (!complain(placed_in_file(fixture.error(), file, text))) break;
      continue;
    }
    fixture->origin = file + ": " + where;
    fixtures.push_back(std::move(*fixture));
  }
  return fixtures;
}

Result<std::vector<Fixture>> read_fixtures(std::string_view text, const std::string& file,
                                           const Vocabulary& vocabulary) {
  std::optional<Error> first;
  std::vector<Fixture> fixtures = read_fixtures(text, file, vocabulary, [&first](const Error& error) {
    first = error;
    return false;
  });
  if (first) return *first;
  return fixtures;
}

}  // namespace mimus::server
