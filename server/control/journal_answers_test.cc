// The journal's part of the control API, asked as over HTTP.
#include "server/control/driven_app.h"

namespace mimus::server {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kFixtures = R"({"mimus":1,"fixtures":[
  {"name":"hello","when":{"last_user":"hello"},"reply":{"text":"good day"}},
  {"name":"limited","when":{"last_user":"limit"},"reply":{"error":"rate_limited_requests"}}]})";

TEST(JournalAnswers, TellOfEachRequestWhatItWasAndWhatBecameOfIt) {
  DrivenApp driven;
  driven.post("/_mimus/fixtures", kFixtures);
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

TEST(JournalAnswers, FilterAndPage) {
  DrivenApp driven;
  driven.post("/_mimus/fixtures", kFixtures);
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

TEST(JournalAnswers, TellWhyNoFixtureMatched) {
  AppOptions options = DrivenApp::frozen();
  options.strict = true;
  DrivenApp driven(options);
  driven.post("/_mimus/fixtures", kFixtures);
  EXPECT_EQ(driven.say("hallo", "t").status, 404);
  const Answered entry = driven.get("/_mimus/journal/1");
  EXPECT_EQ(entry.at("/script"), "missed");
  EXPECT_EQ(entry.at("/miss/nearest/0/fixture"), "\"hello\"");
  EXPECT_EQ(entry.at("/miss/nearest/0/conditions/0/met"), "false");
  EXPECT_THAT(entry.at("/miss/nearest/0/conditions/0/found"), HasSubstr("hallo"));
  EXPECT_EQ(entry.at("/miss/draft/when/last_user"), "hallo");
}

TEST(JournalAnswers, CutBodiesAndNameWhatIsNoText) {
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

TEST(JournalAnswers, GoOnAsAStreamWhileTheJournalGrows) {
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
