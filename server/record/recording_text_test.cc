// The text that a recording leaves, read back by those who replay it.
#include "server/record/recording_text.h"

#include <gtest/gtest.h>

#include "server/endpoints/raw_reply.h"
#include "server/match/fixture_reader.h"
#include "server/match/render.h"
#include "server/record/recorded_reply.h"
#include "server/record/recorded_when.h"

namespace mimus::server {
namespace {

constexpr std::string_view kWhen = R"({"endpoint":"models.list"})";
constexpr std::string_view kReply = R"({"raw":{"body":"x"}})";

std::string added(std::string_view text, std::string_view when = kWhen, std::string_view reply = kReply) {
  auto longer = with_exchange(text, when, reply);
  EXPECT_TRUE(longer) << longer.error().text();
  return longer ? *longer : "";
}

std::vector<Fixture> fixtures_in(std::string_view text) {
  auto fixtures = read_fixtures(text, "test.json", Vocabulary{});
  EXPECT_TRUE(fixtures) << fixtures.error().text() << "\n" << text;
  return fixtures ? std::move(*fixtures) : std::vector<Fixture>();
}

TEST(Recording, AddsToWhatPeopleWroteAndLeavesItAlone) {
  const std::string_view kFiles[] = {
      R"({"mimus":1,"fixtures":[]})",
      R"({"mimus":1,"fixtures":[ ] })",
      R"({ "fixtures": [ {"reply":{"text":"] , [ \" }"}} ], "mimus": 1 })",
      "{ // a comment with \"fixtures\": [\n \"mimus\": 1, /* { */ \"fixtures\" /**/ : [\n {\"reply\": {}}, // ], the "
      "last\n ] }",
      R"({"$schema":"x/y","mimus":1,"fixtures":[{"when":{"turn":1},"replies":[{"text":"a"},{"text":"b"},],},]})",
  };
  for (const std::string_view file : kFiles) {
    const std::size_t before = fixtures_in(file).size();
    const std::string longer = added(file);
    EXPECT_EQ(fixtures_in(longer).size(), before + 1) << longer;
    std::size_t at = 0;  // every byte of the old text is there still, in its order
    for (const char c : file) {
      at = longer.find(c, at);
      ASSERT_NE(at, std::string::npos) << longer;
      ++at;
    }
  }
}

TEST(Recording, ASameRequestAddsAReplyToItsFixture) {
  const std::string once = added(empty_recording());
  const std::string twice = added(added(once, R"({"endpoint":"embeddings"})"), kWhen, R"({"raw":{"body":"y"}})");
  const auto fixtures = fixtures_in(twice);
  ASSERT_EQ(fixtures.size(), 2u);
  EXPECT_EQ(fixtures[0].replies.size(), 2u);
  EXPECT_EQ(fixtures[1].replies.size(), 1u);
}

TEST(Recording, AFixtureThatSaysMoreIsNotTheRecordersToChange) {
  const std::string text = R"({"mimus":1,"fixtures":[{"when":{"endpoint":"models.list"},"times":1,"replies":[{}]}]})";
  EXPECT_EQ(fixtures_in(added(text)).size(), 2u);
}

TEST(Recording, RefusesWhatIsNoFixtureFile) {
  EXPECT_FALSE(with_exchange("{", kWhen, kReply));
  EXPECT_FALSE(with_exchange("[]", kWhen, kReply));
  EXPECT_FALSE(with_exchange(R"({"mimus":1})", kWhen, kReply));
  EXPECT_FALSE(with_exchange(R"({"fixtures":{}})", kWhen, kReply));
}

// A recorded reply as it is replayed.
Delivery replayed(const RecordedReply& reply) {
  const auto fixtures = fixtures_in(added(empty_recording(), kWhen, reply_text(reply)));
  if (fixtures.empty()) return {};
  const Question question;
  const States states;
  const TemplateContext context{question, states, "", 1, {}};
  const ScriptedReply& scripted = fixtures.front().replies.front();
  Delivery delivery = raw_reply(std::get<ScriptedRaw>(scripted.content), context);
  delivery.head_due += scripted.delay;
  lay_over(delivery.headers, render_headers(scripted, context));
  return delivery;
}

using std::chrono::microseconds;
using std::chrono::milliseconds;

TEST(Recording, AStreamKeepsItsChunkBordersAndTimes) {
  RecordedReply reply;
  reply.is_streamed = true;
  reply.headers = {{"content-type", "text/event-stream"}};
  reply.frames = {{"data: {{now}} \\{{ \xC3", microseconds(1'500)},
                  {"\xA9\n\n", microseconds(1'500)},
                  {"data: [DONE]\n\n", milliseconds(2'000)},
                  {std::string("\0\x01", 2), microseconds(2'000'001)}};
  Delivery delivery = replayed(reply);
  ASSERT_NE(delivery.frames, nullptr);
  const std::vector<Frame> frames = collect(*delivery.frames);
  ASSERT_EQ(frames.size(), reply.frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    EXPECT_EQ(frames[i].bytes, reply.frames[i].bytes) << i;
    EXPECT_EQ(frames[i].due, reply.frames[i].due) << i;
  }
  EXPECT_EQ(delivery.headers, reply.headers);
  EXPECT_EQ(delivery.ending, Ending::Clean);
}

TEST(Recording, AWholeReplyKeepsItsBytesAndItsTime) {
  for (const std::string& body :
       {std::string("{\n  \"a\": \"{{nth}} \\\\{{\"\n}\n"), std::string("RIFF\xFF\xFE\0", 7), std::string()}) {
    RecordedReply reply;
    reply.status = 429;
    reply.headers = {{"content-type", "application/json"}, {"retry-after", "1"}, {"Retry-After", "{{2}}"}};
    reply.frames = {{body.substr(0, 3), milliseconds(3)},
                    {body.substr(std::min<std::size_t>(3, body.size())), milliseconds(7)}};
    Delivery delivery = replayed(reply);
    EXPECT_EQ(delivery.frames, nullptr);
    EXPECT_EQ(delivery.body, body);
    EXPECT_EQ(delivery.status, 429);
    EXPECT_EQ(delivery.head_due, milliseconds(7));
    EXPECT_EQ(delivery.headers.size(), 3u);
    EXPECT_EQ(delivery.headers.back().value, "{{2}}");
  }
}

TEST(Recording, AReplyThatEndedWithItsConnectionDoesSoAgain) {
  RecordedReply reply;
  reply.is_streamed = true;
  reply.ending = Ending::Close;
  reply.frames = {{"x", Duration(0)}};
  EXPECT_EQ(replayed(reply).ending, Ending::Close);
}

struct WhenCase {
  const char* operation;
  const char* body;
  const char* when;
};

TEST(RecordedWhen, SaysWhatWasAskedAndNotByWhom) {
  const WhenCase kCases[] = {
      {"chat.completions",
       R"({"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"temperature":1,"user":"u7","seed":3})",
       R"({"endpoint":"chat.completions","model":"gpt-4o","stream":false,)"
       R"("json":{"/messages":[{"role":"user","content":"Hi"}]}})"},
      {"chat.completions", R"({"model":"m","stream":true,"messages":[],"response_format":{"type":"json_object"}})",
       R"({"endpoint":"chat.completions","model":"m","stream":true,)"
       R"("json":{"/messages":[],"/response_format":{"equals":{"type":"json_object"}}}})"},
      {"responses", R"({"model":"m","input":"Hi","metadata":{"a":"b"}})",
       R"({"endpoint":"responses","model":"m","stream":false,"json":{"/input":"Hi"}})"},
      {"embeddings", R"({"model":"m","input":["a","b"],"dimensions":3})",
       R"({"endpoint":"embeddings","model":"m","json":{"/input":["a","b"],"/dimensions":3}})"},
      {"files.list", R"({"limit":"2","a/b":null})", R"({"endpoint":"files.list","json":{"/limit":"2"}})"},
      {"embeddings", R"({"model":"m*","input":"a"})",
       R"({"endpoint":"embeddings","model":{"exact":"m*"},"json":{"/input":"a"}})"},
      {"models.list", R"({})", R"({"endpoint":"models.list"})"},
      {"responses",
       R"({"model":"m","input":"x","tools":[{"type":"mcp","server_label":"s","authorization":"secret-token"}]})",
       R"({"endpoint":"responses","model":"m","stream":false,"json":{"/input":"x"}})"},
  };
  for (const WhenCase& c : kCases) {
    const auto body = parse_json(c.body);
    EXPECT_EQ(recorded_when(question_of(c.operation, "", false, body->root(), {})), c.when);
  }
}

}  // namespace
}  // namespace mimus::server
