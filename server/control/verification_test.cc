#include "server/control/verification.h"

#include "server/control/driven_app.h"

namespace mimus::server {
namespace {

using testing::HasSubstr;

struct Row {
  std::string expectation;
  bool is_verified;
  std::string found;
  std::string reason;
};

void expect_verdicts(DrivenApp& driven, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    const Answered answer = driven.post("/_mimus/verify", row.expectation);
    EXPECT_EQ(answer.status, row.is_verified ? 200 : 409) << row.expectation << "\n" << answer.body;
    EXPECT_EQ(answer.at("/verified"), row.is_verified ? "true" : "false") << row.expectation;
    EXPECT_EQ(answer.at("/found"), row.found) << row.expectation << "\n" << answer.body;
    EXPECT_THAT(answer.at("/reason"), HasSubstr(row.is_verified ? "missing" : row.reason)) << row.expectation;
  }
}

TEST(Verify, CountsTheRequestsThatMatch) {
  DrivenApp driven;
  driven.say("weather in Paris", "a");
  driven.say("weather in Oslo", "b");
  DrivenApp::finish(driven.begin_to_say("bye", "a", R"(,"temperature":0.5)"));
  driven.ask("GET", "/v1/models", "", {{"authorization", "Bearer sk-x"}});
  expect_verdicts(
      driven,
      {
          {R"({"when":{"last_user":{"contains":"weather"}}})", true, "2", ""},
          {R"({"when":{"last_user":{"contains":"weather"}},"exactly":2})", true, "2", ""},
          {R"({"when":{"last_user":{"contains":"weather"}},"exactly":1})", false, "2", "expected exactly 1, found 2"},
          {R"({"when":{"last_user":{"contains":"weather"}},"at_least":2})", true, "2", ""},
          {R"({"when":{"last_user":{"contains":"weather"}},"at_least":3})", false, "2", "expected at least 3, found 2"},
          {R"({"when":{"last_user":{"contains":"weather"}},"at_most":1})", false, "2", "expected at most 1, found 2"},
          {R"({"when":{"last_user":{"contains":"weather"}},"at_least":1,"at_most":2})", true, "2", ""},
          {R"({"when":{"last_user":{"contains":"weather"}},"never":true})", false, "2", "expected never, found 2"},
          {R"({"when":{"last_user":{"contains":"snow"}},"never":true})", true, "0", ""},
          {R"({"when":{"last_user":{"contains":"snow"}}})", false, "0", "expected at least 1, found 0"},
          {R"({"when":{"last_user":{"contains":"weather"}},"exactly":1,"test":"a"})", true, "1", ""},
          {R"({"when":{"last_user":{"contains":"weather"}},"exactly":1,"after":1})", true, "1", ""},
          {R"({"when":{},"exactly":4})", true, "4", ""},
          {R"({"when":{},"exactly":4,"status":200})", true, "4", ""},
          {R"({"when":{},"never":true,"status":"4xx"})", true, "0", ""},
          {R"({"when":{"endpoint":"models.list"},"exactly":1})", true, "1", ""},
          {R"({"when":{"json":{"/temperature":0.5}},"exactly":1})", true, "1", ""},
          {R"({"when":{"header":{"x-mimus-test":"a"}},"exactly":2})", true, "2", ""},
          {R"({"when":{"model":"gpt-4*","turn":1},"exactly":3})", true, "3", ""},
          {R"({"order":[{"last_user":{"contains":"Paris"}},{"last_user":"bye"}]})", true, "2", ""},
          {R"({"order":[{"last_user":"bye"},{"last_user":{"contains":"Paris"}}]})", false, "1",
           "no request matches /order/1 behind entry 3"},
          {R"({"order":[{"last_user":"nope"}]})", false, "0", "no request matches /order/0"},
          {R"({"order":[{"model":"gpt-4o"},{"model":"gpt-4o"},{"model":"gpt-4o"}]})", true, "3", ""},
          {R"({"order":[{"last_user":{"contains":"Paris"}},{"last_user":"bye"}],"test":"b"})", false, "0", "/order/0"},
      });
  EXPECT_EQ(driven.post("/_mimus/verify", R"({"when":{"model":"gpt-4o"}})").at("/entries"), "[1,2,3]");
}

TEST(Verify, ShowsTheRequestsThatCameNearest) {
  DrivenApp driven;
  driven.say("weather in Paris");
  driven.say("hello");
  const Answered answer =
      driven.post("/_mimus/verify", R"({"when":{"endpoint":"chat.completions","last_user":"weather in Rome"}})");
  EXPECT_EQ(answer.at("/nearest/0/entry"), "2");
  EXPECT_EQ(answer.at("/nearest/0/conditions/0/met"), "true");
  EXPECT_EQ(answer.at("/nearest/0/conditions/1/subject"), "last_user");
  EXPECT_EQ(answer.at("/nearest/0/conditions/1/met"), "false");
  EXPECT_EQ(answer.at("/nearest/0/conditions/1/found"), "\"hello\"");
  EXPECT_EQ(answer.at("/nearest/1/entry"), "1");
}

TEST(Verify, DoesNotGuessAboutBodiesThatWereCut) {
  AppOptions options = DrivenApp::frozen();
  options.control.journal.body = 90;
  DrivenApp driven(options);
  driven.say("hi");
  driven.say("a long tale of a mockingbird that sang until the morning came and everybody slept");
  expect_verdicts(driven, {
                              {R"({"when":{"last_user":"hi"},"exactly":1})", false, "1", "1 more cannot be told"},
                              {R"({"when":{"last_user":"hi"}})", true, "1", ""},
                              {R"({"when":{"last_user":"x"},"never":true})", false, "0", "1 more cannot be told"},
                              {R"({"when":{"model":"gpt-4o"},"exactly":2})", true, "2", ""},
                              {R"({"when":{"endpoint":"embeddings","last_user":"x"},"never":true})", true, "0", ""},
                          });
}

TEST(Verify, DoesNotGuessAboutRequestsThatWereDropped) {
  AppOptions options = DrivenApp::frozen();
  options.control.journal.entries = 2;
  DrivenApp driven(options);
  for (const char* text : {"one", "two", "three"}) driven.say(text);
  expect_verdicts(driven, {
                              {R"({"when":{"last_user":"three"}})", true, "1", ""},
                              {R"({"when":{"last_user":"three"},"exactly":1})", false, "1", "drop older requests"},
                              {R"({"when":{"last_user":"three"},"exactly":1,"after":1})", true, "1", ""},
                              {R"({"when":{"last_user":"one"},"never":true})", false, "0", "drop older requests"},
                          });
}

TEST(Verify, NeedsAJournal) {
  AppOptions options = DrivenApp::frozen();
  options.control.journal.entries = 0;
  DrivenApp driven(options);
  EXPECT_THAT(driven.post("/_mimus/verify", R"({"when":{}})").body, HasSubstr("--journal 0"));
}

}  // namespace
}  // namespace mimus::server
