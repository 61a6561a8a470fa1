// What the vendors' documents state, asked of the whole server: fixtures/golden/documents, whose README.md tells what a
// row holds. A failure names document, line and statement.
#include <filesystem>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "api/object_reader.h"
#include "api/read_file.h"
#include "server/endpoints/app_desk.h"
#include "server/endpoints/golden_request.h"

namespace mimus::server {
namespace {

constexpr std::string_view kKey = "good";

// Whether `found` is what a row expects at a pointer.
bool fits(Json expected, Json found) {
  if (expected.is_string() && expected.as_string().ends_with('*')) {
    const std::string_view start = expected.as_string().substr(0, expected.as_string().size() - 1);
    return found && (start.empty() || found.string_or("").starts_with(start));
  }
  if (expected.is_object() && expected.size() == 1 && expected.find("type").is_string()) {
    const std::string_view type = expected.find("type").as_string();
    return type == "integer" ? found.is_integer() : type == "number" ? found.is_number() : found.is_string();
  }
  return found && equal(expected, found);
}

std::string first_event_of(std::string_view stream) {
  constexpr std::string_view kData = "data: ";
  EXPECT_TRUE(stream.starts_with(kData)) << stream.substr(0, 100);
  return std::string(stream.substr(std::min(kData.size(), stream.size()), stream.find("\n\n") - kData.size()));
}

// One file, and its rows on their way through a server.
class Rows {
 public:
  explicit Rows(Json file) : file_(file), shared_(options_of(Json())) {}

  void run(Json row) {
    ObjectReader reader(row, "");  // no typo passes for an expectation
    for (const char* key : {"place", "states", "ask", "text", "plan"}) reader.string(key, "");
    for (const char* key : {"key", "body", "with", "headers", "before", "json", "lacks", "header", "same", "differs"}) {
      reader.any(key);
    }
    reader.integer("status", 200, 200, 599);
    reader.integer("rpm", 1, 1, 1000);
    reader.integer("tpm", 1, 1, 1'000'000);
    reader.boolean("events", false);
    const auto done = reader.finish();
    ASSERT_TRUE(done) << done.error().text();
    const Answered answer = answer_of(row);
    judge(row, answer);
    if (row.find("same")) {
      EXPECT_EQ(answer.body, answer_of(row, row.find("same")).body);
    }
    if (row.find("differs")) {
      EXPECT_NE(answer.body, answer_of(row, row.find("differs")).body);
    }
  }

 private:
  AppOptions options_of(Json row) const {
    AppOptions options;
    options.dialects = {std::string(file_.find("dialect").as_string())};
    options.api_keys = {std::string(kKey)};
    options.limits.plan = row.find("plan").string_or("");
    if (row.find("rpm")) options.limits.requests = row.find("rpm").as_int();
    if (row.find("tpm")) options.limits.tokens = row.find("tpm").as_int();
    return options;
  }

  Answered answer_of(Json row, Json more = {}) {
    const bool is_alone =
        row.find("plan") || row.find("rpm") || row.find("before") || row.find("same") || row.find("differs");
    if (!is_alone) return ask(shared_, row, more);
    AppDesk desk(options_of(row));
    const Json before = row.find("before");
    if (before.find("at")) desk.clock().freeze(WallTime(std::chrono::seconds(before.find("at").as_int())));
    for (std::int64_t i = 0; i < before.find("times").int_or(0); ++i) ask(desk, row, more);
    desk.clock().advance(std::chrono::seconds(before.find("advance").int_or(0)));
    return ask(desk, row, more);
  }

  Answered ask(AppDesk& desk, Json row, Json more) const {
    const Json line = row.find("ask") ? row.find("ask") : file_.find("ask");
    const std::string_view method = line.as_string().substr(0, line.as_string().find(' '));
    const std::string target(line.as_string().substr(method.size() + 1));
    const std::string body = method == "POST" ? body_of_row(row, more) : "";
    std::vector<HeaderView> headers;
    for (const auto [name, value] : row.find("headers").members()) headers.push_back({name, value.as_string()});
    if (row.find("headers")) {
      desk.use_headers(headers);
      return desk.ask(method, target, body, "");
    }
    if (row.find("key").is_null()) {
      desk.use_headers({});
    } else {
      desk.use_key(row.find("key").string_or(kKey));
    }
    return desk.ask(method, target, body, body.empty() ? "" : "application/json");
  }

  std::string body_of_row(Json row, Json more) const {
    if (row.find("text")) return std::string(row.find("text").as_string());
    const JsonDocument with = row.find("with") ? merge_patch(base_of(row), row.find("with")) : copy_of(base_of(row));
    if (!more) return expand_repeats(to_text(with.root()));
    return expand_repeats(to_text(merge_patch(with.root(), more).root()));
  }
  Json base_of(Json row) const { return row.find("body") ? row.find("body") : file_.find("body"); }

  static void judge(Json row, const Answered& answer) {
    EXPECT_EQ(answer.status, row.find("status").int_or(200)) << answer.body.substr(0, 500);
    for (const auto [name, value] : row.find("header").members()) {
      EXPECT_EQ(answer.header(name), value.string_or("")) << name;
    }
    const bool is_stream = row.find("events").bool_or(false);
    if (is_stream) {
      EXPECT_TRUE(answer.body.ends_with("data: [DONE]\n\n"));
      EXPECT_TRUE(answer.header("content-type").starts_with("text/event-stream"));
    }
    const auto json = parse_json(is_stream ? first_event_of(answer.body) : answer.body);
    ASSERT_TRUE(json) << answer.body.substr(0, 500);
    for (const auto [pointer, expected] : row.find("json").members()) {
      EXPECT_TRUE(fits(expected, json->root().find_pointer(pointer)))
          << pointer << ": expected " << to_text(expected) << " in " << to_text(json->root()).substr(0, 500);
    }
    for (const Json pointer : row.find("lacks").elements()) {
      EXPECT_FALSE(json->root().find_pointer(pointer.as_string())) << pointer.as_string();
    }
  }

  Json file_;
  AppDesk shared_;
};

class DocumentRows : public testing::TestWithParam<const char*> {};

TEST_P(DocumentRows, HoldOfTheServer) {
  const auto text =
      read_file(std::string(MIMUS_SOURCE_DIR "/fixtures/golden/documents/") + GetParam() + ".json", 4 * 1024 * 1024);
  ASSERT_TRUE(text) << (text ? "" : text.error().text());
  const auto file = parse_json(*text);
  ASSERT_TRUE(file) << file.error().message << " at byte " << file.error().offset;
  Rows rows(file->root());
  for (const Json row : file->root().find("rows").elements()) {
    const std::string place(row.find("place").string_or("?"));
    EXPECT_TRUE(place.starts_with(GetParam())) << place;
    SCOPED_TRACE(place + ": " + std::string(row.find("states").string_or("?")));
    rows.run(row);
  }
}

INSTANTIATE_TEST_SUITE_P(Files, DocumentRows, testing::Values("000", "001", "002", "003", "004"),
                         [](const auto& name) { return std::string("Document") + name.param; });

}  // namespace
}  // namespace mimus::server
