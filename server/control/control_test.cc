// The control API, asked as over HTTP.
#include "server/control/control.h"

#include "server/control/driven_app.h"

namespace mimus::server {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kBirds = R"({"mimus":1,"fixtures":[
  {"name":"hello","when":{"last_user":"hello"},"reply":{"text":"good day"}},
  {"name":"twice","when":{"last_user":"again"},"replies":[{"text":"one"},{"text":"two"}],"then":"error"},
  {"name":"limited","when":{"last_user":"limit"},"reply":{"error":"rate_limited_requests"}}]})";

struct Row {
  std::string method;
  std::string target;
  std::string body;
  int status;
  std::string has;
};

TEST(Control, ShowsWhatEachKeyHasUsedOfItsLimits) {
  AppOptions options = DrivenApp::frozen();
  options.limits.requests = 10;
  DrivenApp driven(options);
  EXPECT_THAT(driven.get("/_mimus/limits").body, HasSubstr(R"("limits":[],"counters":0)"));
  driven.say("one");
  driven.say("two");
  EXPECT_THAT(driven.get("/_mimus/limits").body, HasSubstr(R"("requests":{"limit":10,"used":2,"remaining":8,)"));
  EXPECT_THAT(driven.get("/_mimus/limits").body, HasSubstr(R"("tokens":null)"));
  driven.post("/_mimus/reset", "");
  EXPECT_THAT(driven.get("/_mimus/limits").body, HasSubstr(R"("limits":[])"));
}

TEST(Control, CountsWhatIsKeptBetweenRequests) {
  AppOptions options = DrivenApp::frozen();
  options.state.entries = 1;
  DrivenApp driven(options);
  for (const char* text : {"one", "two"}) {
    const std::string body = R"({"model":"gpt-4o","input":")" + std::string(text) + "\"}";
    const std::vector<HeaderView> headers = {{"authorization", "Bearer k"}, {"content-type", "application/json"}};
    EXPECT_EQ(driven.ask("POST", "/v1/responses", body, headers).status, 200);
  }
  const std::string metrics = driven.get("/_mimus/metrics").body;
  EXPECT_THAT(metrics, HasSubstr("mimus_state_entries{kind=\"responses\"} 1\n"));
  EXPECT_THAT(metrics, HasSubstr("mimus_state_evicted{kind=\"responses\"} 1\n"));
}

TEST(Control, RefusesWhatItDoesNotKnowWithAReason) {
  DrivenApp driven;
  const Row rows[] = {
      {"GET", "/_mimus/health", "", 200, R"({"status":"ok"})"},
      {"HEAD", "/_mimus/health", "", 200, ""},
      {"GET", "/_mimus/ready", "", 200, "ok"},
      {"GET", "/_mimus/", "", 200, R"("path":"/_mimus/verify")"},
      {"GET", "/_mimus/nope", "", 404, "There is no control endpoint /_mimus/nope"},
      {"GET", "/_mimus/fixtures/1/2", "", 404, "no control endpoint"},
      {"PUT", "/_mimus/journal", "", 405, "takes GET, DELETE, not PUT"},
      {"POST", "/_mimus/journal/tail", "", 405, "takes GET, not POST"},
      {"GET", "/_mimus/journal?statuss=200", "", 400, R"(there is no parameter \"statuss\"; did you mean \"status\"?)"},
      {"GET", "/_mimus/journal?status=2", "", 400, R"("where":"?status")"},
      {"GET", "/_mimus/journal?status=abc", "", 400, "expected a status, or a class of them such as 4xx"},
      {"GET", "/_mimus/journal?ended=cutt", "", 400, "expected open, whole, cut"},
      {"GET", "/_mimus/journal?limit=0", "", 400, R"(expected an integer from 1 to 1000, found \"0\")"},
      {"GET", "/_mimus/journal?limit=1&limit=2", "", 400, "is given twice"},
      {"GET", "/_mimus/journal?order=up", "", 400, R"(expected one of asc, desc, found \"up\")"},
      {"GET", "/_mimus/journal/7", "", 404, "There is no entry 7"},
      {"GET", "/_mimus/journal/x", "", 404, "There is no entry x"},
      {"GET", "/_mimus/journal/tail?fixtur=x", "", 400, "did you mean \\\"fixture\\\"?"},
      {"GET", "/_mimus/fixtures/7", "", 404, "There is no fixture 7"},
      {"DELETE", "/_mimus/fixtures/-1", "", 404, "There is no fixture -1"},
      {"POST", "/_mimus/fixtures", "{", 400, "(sent):1:2"},
      {"POST", "/_mimus/fixtures", "", 400, "(sent)"},
      {"POST", "/_mimus/clock", "", 400, "(sent)"},
      {"POST", "/_mimus/clock", "{}", 400, "expected one of"},
      {"POST", "/_mimus/clock", R"({"freeze":true,"resume":true})", 400, "expected one of"},
      {"POST", "/_mimus/clock", R"({"freze":true})", 400, "did you mean"},
      {"POST", "/_mimus/clock", R"({"advance":60})", 400,
       R"(expected a duration such as \"61s\", at most \"3600s\", found 60)"},
      {"POST", "/_mimus/clock", R"({"advance":"60"})", 400, R"("where":"/advance")"},
      {"POST", "/_mimus/clock", R"({"freeze":-1})", 400, "expected true or seconds since 1970, found -1"},
      {"POST", "/_mimus/clock", R"({"resume":false})", 400, "expected true, found false"},
      {"POST", "/_mimus/reset", R"({"tset":"x"})", 400, R"("where":"/tset")"},
      {"POST", "/_mimus/reset", R"({"test":""})", 400, "never empty"},
      {"POST", "/_mimus/reset", R"({"test":"a","key":"b"})", 400, "found both"},
      {"POST", "/_mimus/reset", R"({"test":"a","fixtures":true})", 400, "all tests share the fixtures"},
      {"POST", "/_mimus/verify", "[]", 400, "expected an object"},
      {"POST", "/_mimus/verify", "{}", 400, "expected either"},
      {"POST", "/_mimus/verify", R"({"when":{"last_usr":"x"}})", 400, R"("where":"/when)"},
      {"POST", "/_mimus/verify", R"({"when":{"state":"a=b"}})", 400, "keeps no states"},
      {"POST", "/_mimus/verify", R"({"when":{"header":{"authorization":"x"}}})", 400, "keeps no credentials"},
      {"POST", "/_mimus/verify", R"({"when":{},"never":true,"exactly":1})", 400, "expected one of"},
      {"POST", "/_mimus/verify", R"({"when":{},"at_least":3,"at_most":2})", 400, "is below"},
      {"POST", "/_mimus/verify", R"({"order":[{}],"exactly":1})", 400, "takes no count"},
      {"POST", "/_mimus/verify", R"({"order":[]})", 400, "expected 1 to 1000"},
      {"POST", "/_mimus/verify", R"({"when":{},"status":"6"})", 400, "expected a status"},
  };
  for (const Row& row : rows) {
    const Answered answer = driven.ask(row.method, row.target, row.body);
    EXPECT_EQ(answer.status, row.status) << row.method << " " << row.target << " " << row.body << "\n" << answer.body;
    EXPECT_THAT(answer.body, HasSubstr(row.has)) << row.method << " " << row.target << " " << row.body;
    EXPECT_TRUE(parse_json(answer.body)) << answer.body;
    EXPECT_EQ(answer.at("/error/message") != "missing", row.status >= 400) << answer.body;
  }
  EXPECT_EQ(driven.ask("PUT", "/_mimus/journal").header("allow"), "GET, DELETE");
}

TEST(Control, AsksForItsToken) {
  AppOptions options = DrivenApp::frozen();
  options.control.token = "s3cret";
  DrivenApp driven(options);
  struct TokenRow {
    HeaderView header;
    int status;
  };
  const TokenRow rows[] = {
      {{"accept", "*/*"}, 401},
      {{"authorization", "Bearer s3cret"}, 200},
      {{"authorization", "bearer s3cret"}, 200},
      {{"x-mimus-token", "s3cret"}, 200},
      {{"authorization", "Bearer s3cre"}, 401},
      {{"authorization", "Bearer s3cret2"}, 401},
      {{"authorization", "s3cret"}, 401},
      {{"x-mimus-token", ""}, 401},
  };
  for (const TokenRow& row : rows) {
    for (const char* path : {"/_mimus/journal", "/_mimus/metrics", "/_mimus/"}) {
      const Answered answer = driven.ask("GET", path, "", {row.header});
      EXPECT_EQ(answer.status, row.status) << path << " " << row.header.name << ": " << row.header.value;
    }
    EXPECT_EQ(driven.ask("GET", "/_mimus/health", "", {row.header}).status, 200);
    EXPECT_EQ(driven.ask("GET", "/_mimus/ready", "", {row.header}).status, 200);
  }
}

TEST(Control, KeepsPagesOfOtherSitesOut) {
  DrivenApp driven;
  const std::pair<const char*, int> rows[] = {
      {"http://localhost:3000", 200}, {"http://127.0.0.1", 200},          {"https://[::1]:99", 200},
      {"https://evil.example", 403},  {"http://localhost.evil.com", 403}, {"null", 403},
  };
  for (const auto& [origin, status] : rows) {
    EXPECT_EQ(driven.ask("GET", "/_mimus/journal", "", {{"origin", origin}}).status, status) << origin;
  }
}

TEST(Control, IsAnUnknownUrlWhenItIsOff) {
  AppOptions options = DrivenApp::frozen();
  options.control.is_on = false;
  DrivenApp driven(options);
  EXPECT_EQ(driven.get("/_mimus/health").status, 404);
  EXPECT_EQ(driven.get("/_mimus/journal").at("/error/code"), "unknown_url");
}

TEST(Control, AddsReplacesAndDeletesFixtures) {
  DrivenApp driven;
  EXPECT_EQ(driven.post("/_mimus/fixtures", kBirds).at("/ids"), "[1,2,3]");
  const Answered one = driven.post("/_mimus/fixtures", R"({"when":{"last_user":"one"},"reply":{"text":"alone"}})");
  EXPECT_EQ(one.status, 201);
  EXPECT_EQ(one.at("/total"), "4");
  EXPECT_THAT(driven.say("hello").body, HasSubstr("good day"));
  Answered list = driven.get("/_mimus/fixtures");
  EXPECT_EQ(list.at("/total"), "4");
  EXPECT_EQ(list.at("/fixtures/0/hits"), "1");
  EXPECT_EQ(list.at("/fixtures/0/name"), "hello");
  EXPECT_EQ(list.at("/fixtures/1/hits"), "0");
  list = driven.get("/_mimus/fixtures?limit=2&after=1");
  EXPECT_EQ(list.at("/fixtures/0/id"), "2");
  EXPECT_EQ(list.at("/next"), "3");
  EXPECT_EQ(driven.get("/_mimus/fixtures?limit=2&after=3").at("/next"), "null");
  EXPECT_EQ(driven.get("/_mimus/fixtures/4").at("/fixture/reply/text"), "alone");
  EXPECT_EQ(driven.get("/_mimus/unused").at("/unused/0/name"), "twice");
  EXPECT_EQ(driven.ask("DELETE", "/_mimus/fixtures/1").status, 200);
  EXPECT_EQ(driven.ask("DELETE", "/_mimus/fixtures/1").status, 404);
  EXPECT_THAT(driven.say("hello").body, Not(HasSubstr("good day")));
  EXPECT_EQ(driven.ask("PUT", "/_mimus/fixtures", kBirds).at("/total"), "3");
  EXPECT_EQ(driven.ask("DELETE", "/_mimus/fixtures").at("/deleted"), "3");
  EXPECT_EQ(driven.get("/_mimus/fixtures").at("/total"), "0");
}

TEST(Control, TakesFixturesWholeOrNotAtAll) {
  DrivenApp driven;
  driven.post("/_mimus/fixtures", kBirds);
  const std::string wrong =
      "{\"mimus\":1,\"fixtures\":[\n{\"reply\":{\"text\":\"fine\"}},\n{\"reply\":{\"txt\":\"x\"}},\n"
      "{\"when\":{\"turn\":0},\"reply\":{}}]}";
  for (const char* method : {"POST", "PUT"}) {
    const Answered answer = driven.ask(method, "/_mimus/fixtures", wrong);
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.at("/error/findings/0/where"), "(sent):3:11: /fixtures/1/reply/txt") << answer.body;
    EXPECT_THAT(answer.at("/error/findings/1/where"), HasSubstr("(sent):4:")) << answer.body;
    EXPECT_EQ(answer.at("/error/findings/2"), "missing");
    EXPECT_EQ(driven.get("/_mimus/fixtures").at("/total"), "3");
  }
}

TEST(Control, ResetsOneTestOrAll) {
  DrivenApp driven;
  driven.post("/_mimus/fixtures", kBirds);
  const auto again = [&driven](const char* test) {
    const std::string body = driven.say("again", test).body;
    return body.find("\"one\"") != std::string::npos   ? "one"
           : body.find("\"two\"") != std::string::npos ? "two"
                                                       : "ended";
  };
  for (const char* test : {"a", "b", ""}) EXPECT_STREQ(again(test), "one");
  EXPECT_EQ(driven.post("/_mimus/reset", R"({"test":"a"})").status, 200);
  EXPECT_STREQ(again("a"), "one");
  EXPECT_STREQ(again("b"), "two");
  EXPECT_EQ(driven.get("/_mimus/journal?test=a").at("/entries/1"), "missing");
  EXPECT_EQ(driven.get("/_mimus/journal").at("/kept"), "4");
  EXPECT_EQ(driven.post("/_mimus/reset", R"({"key":"sk-driven"})").status, 200);
  EXPECT_STREQ(again(""), "one");
  EXPECT_STREQ(again("b"), "ended");
  EXPECT_EQ(driven.get("/_mimus/fixtures").at("/fixtures/1/hits"), "7");
  EXPECT_EQ(driven.post("/_mimus/reset", "").status, 200);
  EXPECT_EQ(driven.get("/_mimus/journal").at("/kept"), "0");
  EXPECT_EQ(driven.get("/_mimus/fixtures").at("/fixtures/1/hits"), "0");
  EXPECT_STREQ(again("b"), "one");
  EXPECT_EQ(driven.post("/_mimus/reset", R"({"fixtures":true})").status, 200);
  EXPECT_EQ(driven.get("/_mimus/fixtures").at("/total"), "0");
}

TEST(Control, GivesTheSameIdsAgainAfterAReset) {
  DrivenApp driven;
  const std::string first = driven.say("hello").at("/id");
  EXPECT_NE(driven.say("hello").at("/id"), first);
  driven.post("/_mimus/reset", "");
  EXPECT_EQ(driven.say("hello").at("/id"), first);
}

TEST(Control, SetsTheClock) {
  DrivenApp driven;
  EXPECT_EQ(driven.get("/_mimus/clock").at("/now"), "2023-11-14T22:13:20.000000Z");
  EXPECT_EQ(driven.post("/_mimus/clock", R"({"advance":"61.5s"})").at("/epoch"), "1700000061.5");
  EXPECT_EQ(driven.say("x").at("/created"), "1700000061");
  EXPECT_EQ(driven.post("/_mimus/clock", R"({"freeze":1800000000})").at("/now"), "2027-01-15T08:00:00.000000Z");
  EXPECT_EQ(driven.post("/_mimus/clock", R"({"resume":true})").at("/frozen"), "false");
  EXPECT_EQ(driven.post("/_mimus/clock", R"({"freeze":true})").at("/frozen"), "true");
  const std::string frozen = driven.get("/_mimus/clock").at("/now");
  EXPECT_THAT(frozen, testing::StartsWith("2027-01-15T08:0"));
  EXPECT_EQ(driven.get("/_mimus/clock").at("/now"), frozen);
}

TEST(Control, CountsForPrometheus) {
  DrivenApp driven;
  driven.post("/_mimus/fixtures", kBirds);
  driven.say("hello");
  driven.say("hello");
  driven.say("limit");
  driven.ask("GET", "/nowhere");
  Delivery open = driven.begin_to_say("hello", "", R"(,"stream":true)");
  const Answered metrics = driven.get("/_mimus/metrics");
  EXPECT_THAT(metrics.header("content-type"), testing::StartsWith("text/plain"));
  for (const char* line :
       {"mimus_replies_total{endpoint=\"chat.completions\",status=\"200\"} 2\n",
        "mimus_replies_total{endpoint=\"chat.completions\",status=\"429\"} 1\n",
        "mimus_replies_total{endpoint=\"\",status=\"404\"} 1\n",
        "mimus_reply_bytes_total{endpoint=\"chat.completions\",status=\"200\"} 200\n", "mimus_streams_open 1\n",
        "mimus_replies_open 1\n", "mimus_tokens_total{kind=\"completion\"} 6\n",
        "mimus_scripted_total{script=\"matched\"} 4\n", "mimus_fixtures 3\n", "mimus_tests 1\n",
        "mimus_journal_entries 5\n", "mimus_journal_evicted 0\n", "mimus_clients_left_total 0\n"}) {
    EXPECT_THAT(metrics.body, HasSubstr(line));
  }
  DrivenApp::finish(std::move(open), {.client_left = true});
  EXPECT_THAT(driven.get("/_mimus/metrics").body, HasSubstr("mimus_streams_open 0\n"));
  EXPECT_THAT(driven.get("/_mimus/metrics").body, HasSubstr("mimus_clients_left_total 1\n"));
}

}  // namespace
}  // namespace mimus::server
