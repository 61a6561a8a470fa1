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

TEST(Control, TellsOfEachRequestWhatItWasAndWhatBecameOfIt) {
  DrivenApp driven;
  driven.post("/_mimus/fixtures", kBirds);
  driven.say("hello", "t1");
  driven.say("limit", "t2");
  driven.say("something else");
  DrivenApp::finish(driven.begin_to_say("hello", "t1", R"(,"stream":true)"), {.bytes = 9, .client_left = true});
  driven.ask("GET", "/v1/models?key=AIzaSecret", "", {{"authorization", "Bearer sk-driven"}});
  driven.ask("GET", "/nowhere", "", {{"cookie", "a=secret"}});
  driven.ask("GET", "/v1/models");
  const Answered all = driven.get("/_mimus/journal");
  EXPECT_EQ(all.at("/kept"), "7");
  EXPECT_EQ(all.at("/next"), "null");
  const std::pair<const char*, const char*> rows[] = {
      {"/entries/0/id", "1"},
      {"/entries/0/time", "2023-11-14T22:13:20.000000Z"},
      {"/entries/0/test", "t1"},
      {"/entries/0/endpoint", "chat.completions"},
      {"/entries/0/model", "gpt-4o"},
      {"/entries/0/stream", "false"},
      {"/entries/0/script", "matched"},
      {"/entries/0/fixture/name", "hello"},
      {"/entries/0/fixture/nth", "1"},
      {"/entries/0/headers/authorization", "[redacted]"},
      {"/entries/0/headers/x-mimus-test", "t1"},
      {"/entries/0/body", R"({"model":"gpt-4o","messages":[{"role":"user","content":"hello"}]})"},
      {"/entries/0/body_cut", "false"},
      {"/entries/0/reply/status", "200"},
      {"/entries/0/reply/ended", "whole"},
      {"/entries/0/reply/bytes", "100"},
      {"/entries/0/reply/completion_tokens", "2"},
      {"/entries/1/reply/status", "429"},
      {"/entries/2/script", "synthesised"},
      {"/entries/2/fixture", "null"},
      {"/entries/3/stream", "true"},
      {"/entries/3/fixture/nth", "2"},
      {"/entries/3/reply/ended", "client_left"},
      {"/entries/4/query", "key=[redacted]"},
      {"/entries/4/script", "not_asked"},
      {"/entries/5/endpoint", ""},
      {"/entries/5/reply/status", "404"},
      {"/entries/5/key_hash", ""},
      {"/entries/6/key_refused", "true"},
      {"/entries/6/reply/status", "401"},
  };
  for (const auto& [pointer, expected] : rows) EXPECT_EQ(all.at(pointer), expected) << pointer;
  EXPECT_EQ(all.at("/entries/0/key_hash").size(), 16U);
  EXPECT_EQ(all.at("/entries/0/key_hash"), all.at("/entries/4/key_hash"));
  for (const char* secret : {"sk-driven", "Secret", "secret"}) EXPECT_THAT(all.body, Not(HasSubstr(secret)));
}

TEST(Control, FiltersAndPagesTheJournal) {
  DrivenApp driven;
  driven.post("/_mimus/fixtures", kBirds);
  driven.say("hello", "a");
  driven.say("limit", "a");
  driven.say("other", "b");
  driven.ask("GET", "/v1/models", "", {{"authorization", "Bearer sk-2"}});
  const std::string hash = driven.get("/_mimus/journal/4").at("/key_hash");
  const std::pair<std::string, std::string> rows[] = {
      {"", "1 2 3 4"},
      {"?test=a", "1 2"},
      {"?test=a&status=429", "2"},
      {"?status=4xx", "2"},
      {"?status=2xx&order=desc", "4 3 1"},
      {"?endpoint=models.list", "4"},
      {"?endpoint=nope", ""},
      {"?method=GET", "4"},
      {"?path=/v1/chat/*", "1 2 3"},
      {"?model=gpt*", "1 2 3"},
      {"?fixture=hello", "1"},
      {"?fixture=1", "1"},
      {"?script=synthesised", "3"},
      {"?ended=whole", "1 2 3 4"},
      {"?ended=cut", ""},
      {"?key_hash=" + hash, "4"},
      {"?limit=2", "1 2 next 2"},
      {"?limit=2&after=2", "3 4"},
      {"?limit=2&order=desc", "4 3 next 3"},
      {"?limit=2&order=desc&after=3", "2 1"},
      {"?test=b%20c", ""},
  };
  for (const auto& [query, expected] : rows) {
    const Answered answer = driven.get("/_mimus/journal" + query);
    std::string found;
    const auto json = parse_json(answer.body);
    for (const Json entry : json->root().find("entries").elements()) {
      found += (found.empty() ? "" : " ") + to_text(entry.find("id"));
    }
    if (answer.at("/next") != "null") found += " next " + answer.at("/next");
    EXPECT_EQ(found, expected) << query;
  }
  EXPECT_EQ(driven.ask("DELETE", "/_mimus/journal").at("/deleted"), "4");
  EXPECT_EQ(driven.get("/_mimus/journal").at("/kept"), "0");
}

TEST(Control, TellsWhyNoFixtureMatched) {
  AppOptions options = DrivenApp::frozen();
  options.strict = true;
  DrivenApp driven(options);
  driven.post("/_mimus/fixtures", kBirds);
  EXPECT_EQ(driven.say("hallo", "t").status, 404);
  const Answered entry = driven.get("/_mimus/journal/1");
  EXPECT_EQ(entry.at("/script"), "missed");
  EXPECT_EQ(entry.at("/miss/nearest/0/fixture"), "\"hello\"");
  EXPECT_EQ(entry.at("/miss/nearest/0/conditions/0/met"), "false");
  EXPECT_THAT(entry.at("/miss/nearest/0/conditions/0/found"), HasSubstr("hallo"));
  EXPECT_EQ(entry.at("/miss/draft/when/last_user"), "hallo");
}

TEST(Control, CutsBodiesAndNamesWhatIsNoText) {
  AppOptions options = DrivenApp::frozen();
  options.control.journal.body = 5;
  DrivenApp driven(options);
  driven.ask("POST", "/v1/x", "1234\xC3\xA9!");
  driven.ask("POST", "/v1/x", "\xFF\xFE");
  const Answered all = driven.get("/_mimus/journal");
  EXPECT_EQ(all.at("/entries/0/body"), "1234") << "a character is not cut in two";
  EXPECT_EQ(all.at("/entries/0/body_bytes"), "7");
  EXPECT_EQ(all.at("/entries/0/body_cut"), "true");
  EXPECT_EQ(all.at("/entries/1/body_base64"), "//4=");
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

TEST(Control, StreamsTheJournalWhileItGrows) {
  DrivenApp driven;
  Delivery tail = driven.begin("GET", "/_mimus/journal/tail?status=200");
  ASSERT_NE(tail.frames, nullptr);
  Frame frame;
  EXPECT_EQ(tail.frames->next(frame), FrameSource::Pull::Wait);
  driven.say("hello");
  driven.ask("GET", "/nowhere");
  ASSERT_EQ(tail.frames->next(frame), FrameSource::Pull::Ready);
  EXPECT_THAT(frame.bytes, testing::StartsWith("id: 1\nevent: entry\ndata: {\"id\":1,"));
  frame = {};
  EXPECT_EQ(tail.frames->next(frame), FrameSource::Pull::Wait);
  driven.app().end_tails();
  EXPECT_EQ(tail.frames->next(frame), FrameSource::Pull::End);
}

}  // namespace
}  // namespace mimus::server
