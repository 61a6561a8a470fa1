#include "conformance/run/runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "conformance/run/evidence.h"

namespace mimus::conformance {
namespace {

constexpr std::string_view kArea = R"({ "area": "a", "title": "A", "rank": 1, "probes": [
  { "id": "chat", "why": "w", "operation": "chat", "path": "/chat", "tokens": 5, "body": { "model": "{{model}}", "{{cap}}": 8, "t": "{{nonce}}" } },
  { "id": "next", "why": "w", "operation": "chat", "path": "/chat", "tokens": 5, "body": { "model": "{{model}}", "quote": "{{chat#/choices}}" } },
  { "id": "other", "why": "w", "operation": "other", "path": "/other/{{chat#/id|uri}}", "method": "GET" } ],
  "checks": [ { "id": "a.b", "requires": "r", "source": "s", "why": "w", "probes": ["other", "next", "chat"], "rule": "status" } ] })";

Recording replied(const Request& request, int status, const std::string& body, const std::string& headers = "") {
  Recording recording;
  recording.request = request;
  recording.raw = "HTTP/1.1 " + std::to_string(status) + " X\r\n" + headers +
                  "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  return recording;
}

class RunnerTest : public testing::Test {
 protected:
  RunnerTest() {
    EXPECT_TRUE(add_area(catalogue_, kArea, "a.json"));
    EXPECT_TRUE(complete(catalogue_));
    target_.host = "h.test";
    target_.port = "80";
    target_.base_path = "/v1";
    target_.model = "m";
    target_.api_key = "sk-secret-0123456789";
    hooks_.wait = [this](std::chrono::milliseconds time) { waited_ += time; };
  }

  conformance::Run send_all() {
    hooks_.send = [this](const Request& request, const std::optional<Request>&, const ExchangeLimits&) {
      sent_.push_back(request);
      return answer_(request);
    };
    return run_plan(target_, catalogue_, make_plan(catalogue_, {&catalogue_.checks.front()}), options_, hooks_);
  }

  Catalogue catalogue_;
  Target target_;
  RunOptions options_;
  RunHooks hooks_;
  std::vector<Request> sent_;
  std::chrono::milliseconds waited_{0};
  std::function<Recording(const Request&)> answer_ = [](const Request& request) {
    return replied(request, 200, R"({"id":"a/b","choices":[1]})");
  };
};

TEST_F(RunnerTest, SendsEachProbeOnceAndQuotesEarlierReplies) {
  const auto done = send_all();
  ASSERT_EQ(sent_.size(), 3U);
  EXPECT_EQ(sent_[0].body, R"({"model":"m","max_completion_tokens":8,"t":"amber1"})");
  EXPECT_EQ(sent_[1].body, R"({"model":"m","quote":[1]})");
  EXPECT_EQ(sent_[2].path, "/v1/other/a%2Fb");
  EXPECT_EQ(done.requests, 3);
  EXPECT_EQ(done.tokens, 10);
  EXPECT_EQ(done.nothing_measured, "");
}

TEST_F(RunnerTest, SendsNothingMoreWhenInterruptedAndKeepsWhatWasWhole) {
  hooks_.interrupted = [this] { return sent_.size() >= 2; };
  answer_ = [this](const Request& request) {
    Recording recording = replied(request, 200, R"({"id":"a","choices":[1]})");
    if (sent_.size() == 2) recording.ending = Ending::TimedOut;  // cut off by the interrupt
    return recording;
  };
  const auto done = send_all();
  EXPECT_EQ(sent_.size(), 2U);
  EXPECT_TRUE(done.transcripts.at("chat").was_sent());
  EXPECT_EQ(done.transcripts.at("next").not_sent, "interrupted");
  EXPECT_EQ(done.transcripts.at("other").not_sent, "interrupted");
}

TEST_F(RunnerTest, TakesARefusedModelForTheMistakeOfWhoNamedIt) {
  struct Row {
    const char* model_for;  // what --model-for names; --model names the other
    int status;
    const char* error;
    std::size_t sent;
    bool nothing_measured;
  };
  for (const Row& row : std::vector<Row>{
           {"", 404, R"({"error":{"message":"The model `m` does not exist","code":"model_not_found"}})", 1, true},
           {"m", 404, R"({"error":{"message":"The model `m` does not exist"}})", 1, false},
           {"m", 400, R"({"error":{"message":"no","param":"model"}})", 1, false},
           {"m", 400, R"({"error":{"message":"this model does not take max_tokens","param":"temperature"}})", 2, false},
           {"m", 404, R"({"error":{"message":"no route"}})", 1, false}}) {
    sent_.clear();
    target_.model = *row.model_for ? "" : "m";
    target_.model_for.clear();
    if (*row.model_for) target_.model_for["a"] = row.model_for;
    answer_ = [&](const Request& request) { return replied(request, row.status, row.error); };
    const auto done = send_all();
    const std::string& reason = done.transcripts.at("next").not_sent;
    EXPECT_EQ(done.nothing_measured.starts_with("the target refuses the model m, which --model names"),
              row.nothing_measured)
        << row.error << done.nothing_measured;
    EXPECT_EQ(reason.find("--model") != std::string::npos,
              row.sent == 1 && std::string(row.error).find("route") == std::string::npos)
        << row.error << reason;
  }
}

TEST_F(RunnerTest, StopsWhenTheFirstCallIsRefusedForItsKey) {
  answer_ = [](const Request& request) { return replied(request, 401, R"({"error":{"message":"no"}})"); };
  const auto done = send_all();
  EXPECT_EQ(sent_.size(), 1U);
  EXPECT_THAT(done.nothing_measured, testing::HasSubstr("401"));
}

TEST_F(RunnerTest, TakesTheOldNameOfTheCapWhereTheNewOneIsRefused) {
  answer_ = [](const Request& request) {
    if (request.body.find("max_completion_tokens") == std::string::npos)
      return replied(request, 200, R"({"id":"x","choices":[]})");
    return replied(request, 400, R"({"error":{"message":"unknown","param":"max_completion_tokens"}})");
  };
  const auto done = send_all();
  EXPECT_EQ(done.facts.cap_parameter, "max_tokens");
  EXPECT_THAT(sent_[1].body, testing::HasSubstr(R"("max_tokens":8)"));
}

TEST_F(RunnerTest, ObeysRetryAfterOnce) {
  answer_ = [this](const Request& request) {
    if (sent_.size() == 1) return replied(request, 429, "{}", "Retry-After: 7\r\n");
    return replied(request, 200, R"({"id":"x","choices":[]})");
  };
  send_all();
  EXPECT_EQ(waited_, std::chrono::seconds(7));
  EXPECT_EQ(sent_.size(), 4U);
}

TEST_F(RunnerTest, GivesUpAgainstALastingRateLimit) {
  answer_ = [](const Request& request) { return replied(request, 429, "{}", "Retry-After: 9999\r\n"); };
  const auto done = send_all();
  EXPECT_EQ(waited_, std::chrono::seconds(0));
  EXPECT_FALSE(done.nothing_measured.empty());
}

// An area of probes that the target answers with 500, and one behind it.
constexpr std::string_view kFailingArea = R"({ "area": "parts", "title": "P", "rank": 2, "probes": [
  { "id": "p1", "why": "w", "operation": "chat", "path": "/p1", "tokens": 5, "body": {} },
  { "id": "p2", "why": "w", "operation": "chat", "path": "/p2", "tokens": 5, "body": {} },
  { "id": "p3", "why": "w", "operation": "chat", "path": "/p3", "tokens": 5, "body": {} },
  { "id": "p4", "why": "w", "operation": "chat", "path": "/p4", "tokens": 5, "body": {} } ],
  "checks": [ { "id": "parts.all", "requires": "r", "source": "s", "why": "w", "probes": ["p1", "p2", "p3", "p4"], "rule": "status" } ] })";
constexpr std::string_view kLastArea = R"({ "area": "z", "title": "Z", "rank": 3, "probes": [
  { "id": "z", "why": "w", "operation": "chat", "path": "/z", "tokens": 5, "body": {} } ],
  "checks": [ { "id": "z.z", "requires": "r", "source": "s", "why": "w", "probes": "z", "rule": "status" } ] })";

TEST_F(RunnerTest, GivesUpTheAreaInWhichTheTargetFails) {
  ASSERT_TRUE(add_area(catalogue_, kFailingArea, "p.json"));
  ASSERT_TRUE(add_area(catalogue_, kLastArea, "z.json"));
  ASSERT_TRUE(complete(catalogue_));
  std::vector<std::string> asked;
  hooks_.send = [&](const Request& request, const std::optional<Request>&, const ExchangeLimits&) {
    asked.push_back(request.path);
    return request.path.starts_with("/v1/p") ? replied(request, 500, "{}")
                                             : replied(request, 200, R"({"id":"a/b","choices":[1]})");
  };
  std::vector<const Check*> all;
  for (const Check& check : catalogue_.checks) all.push_back(&check);
  const auto done = run_plan(target_, catalogue_, make_plan(catalogue_, all), options_, hooks_);
  EXPECT_THAT(asked, testing::Contains("/v1/p3"));
  EXPECT_THAT(asked, testing::Not(testing::Contains("/v1/p4")));
  EXPECT_THAT(done.transcripts.at("p4").not_sent, testing::HasSubstr("3 failures in a row"));
  EXPECT_TRUE(done.transcripts.at("z").was_sent());
}

TEST_F(RunnerTest, AsksAnAbsentEndpointOnlyOnce) {
  answer_ = [](const Request& request) { return replied(request, 404, "<html>"); };
  const auto done = send_all();
  EXPECT_THAT(done.transcripts.at("next").not_sent, testing::StartsWith("not offered"));
}

TEST_F(RunnerTest, KeepsToTheBudget) {
  options_.max_requests = 1;
  const auto done = send_all();
  EXPECT_EQ(sent_.size(), 1U);
  EXPECT_THAT(done.transcripts.at("next").not_sent, testing::StartsWith("budget"));
}

TEST_F(RunnerTest, LetsNoKeyIntoWhatItKeeps) {
  answer_ = [](const Request& request) {
    return replied(request, 200, R"({"id":"x","choices":[],"echo":"sk-secret-0123456789"})");
  };
  const auto done = send_all();
  const Recording& recording = done.transcripts.at("chat").recording;
  EXPECT_EQ(recording.raw.find("sk-secret"), std::string::npos);
  for (const Header& header : recording.request.headers) EXPECT_EQ(header.value.find("sk-secret"), std::string::npos);
  EXPECT_TRUE(done.transcripts.at("chat").is_json);
}

// With mimus as the upstream.
constexpr std::string_view kScriptArea = R"({ "area": "l", "title": "L", "rank": 0, "probes": [
  { "id": "l1", "why": "w", "path": "/l1", "script": "Script one,", "body": { "t": "Script one, {{nonce}}" } },
  { "id": "l2", "why": "w", "path": "/l2", "script": "Script two,", "body": { "t": "Script two, {{nonce}}" }, "together": ["l3"] },
  { "id": "l3", "why": "w", "path": "/l3", "script": "Script two,", "body": { "t": "Script two, {{nonce}}" } } ],
  "checks": [ { "id": "l.l", "class": "loopback", "requires": "r", "source": "s", "why": "w", "probes": ["l1", "l2", "l3"], "rule": "status" } ] })";

class ScriptTest : public RunnerTest {
 protected:
  ScriptTest() {
    EXPECT_TRUE(add_area(catalogue_, kScriptArea, "l.json"));
    EXPECT_TRUE(complete(catalogue_));
    options_.loopback_port = 9009;
    hooks_.upstream = [this](const std::string& script, std::chrono::milliseconds) {
      asked_for_.push_back(script);
      return upstream_;
    };
  }
  conformance::Run send_scripts() {
    hooks_.send = [this](const Request& request, const std::optional<Request>&, const ExchangeLimits&) {
      sent_.push_back(request);
      return answer_(request);
    };
    return run_plan(target_, catalogue_, make_plan(catalogue_, {catalogue_.find_check("l.l")}, true), options_, hooks_);
  }
  std::vector<std::string> asked_for_;
  std::vector<UpstreamCall> upstream_ = {
      UpstreamCall{"POST", "/v1/l", {}, "sk-secret-0123456789", 200, "whole", {}, {}}};
};

TEST_F(ScriptTest, IsToldWhatTheUpstreamWasAskedWithoutTheKey) {
  const auto done = send_scripts();
  EXPECT_THAT(asked_for_, testing::ElementsAre("Script one,", "Script two,", "Script two,"));
  ASSERT_EQ(done.transcripts.at("l1").upstream.size(), 1U);
  EXPECT_EQ(done.transcripts.at("l1").upstream[0].body, kRedacted);
  EXPECT_EQ(done.facts.loopback_port, 9009);
  EXPECT_EQ(done.requests, 3);
}

TEST_F(ScriptTest, TriesNothingAgainForTriesAreCounted) {
  answer_ = [](const Request& request) { return replied(request, 429, "{}", "Retry-After: 1\r\n"); };
  send_scripts();
  EXPECT_EQ(sent_.size(), 3U);
  EXPECT_EQ(waited_, std::chrono::milliseconds(0));
}

TEST_F(ScriptTest, AsksNoFurtherWhenTheRouteLeadsElsewhere) {
  upstream_.clear();
  const auto done = send_scripts();
  EXPECT_EQ(sent_.size(), 1U);
  EXPECT_THAT(done.transcripts.at("l3").not_sent, testing::HasSubstr("no request reached the upstream on port 9009"));
}

TEST_F(ScriptTest, TellsThatTheRouteLacksItsPrefix) {
  upstream_[0].path = "/l";
  upstream_[0].status = 404;
  answer_ = [](const Request& request) { return replied(request, 404, "{}"); };
  const auto done = send_scripts();
  EXPECT_EQ(sent_.size(), 1U);
  EXPECT_THAT(done.transcripts.at("l3").not_sent, testing::HasSubstr("asked for /l, which it does not have"));
}

TEST_F(ScriptTest, SendsTogetherWhatBelongsTogether) {
  std::size_t together = 0;
  hooks_.send_together = [&](const std::vector<Request>& requests, const ExchangeLimits&) {
    together = requests.size();
    std::vector<Recording> recordings;
    for (const Request& request : requests) recordings.push_back(answer_(request));
    return recordings;
  };
  const auto done = send_scripts();
  EXPECT_EQ(together, 2U);
  EXPECT_EQ(sent_.size(), 1U);
  EXPECT_EQ(done.transcripts.at("l3").recording.request.path, "/v1/l3");
}

TEST_F(RunnerTest, SendsTheHeadersOfTheUserAndKeepsSecretsOut) {
  target_.headers = {{"x-route", "swans"}, {"x-api-key", "topsecret-0123"}};
  answer_ = [](const Request& request) {
    return replied(request, 200, R"({"id":"x","choices":[],"echo":"topsecret-0123"})");
  };
  const auto done = send_all();
  EXPECT_THAT(sent_[0].headers, testing::Contains(Header{"x-api-key", "topsecret-0123"}));
  const Recording& kept = done.transcripts.at("chat").recording;
  EXPECT_THAT(kept.request.headers, testing::Contains(Header{"x-route", "swans"}));
  EXPECT_THAT(kept.request.headers, testing::Contains(Header{"x-api-key", std::string(kRedacted)}));
  EXPECT_EQ(kept.raw.find("topsecret"), std::string::npos);
}

TEST_F(RunnerTest, LetsTheUsersHeaderStandInThePlaceOfItsOwn) {
  target_.headers = {{"user-agent", "swans"}, {"Host", "h.other"}};
  send_all();
  int agents = 0;
  for (const Header& header : sent_[0].headers) agents += equal_ignoring_case(header.name, "user-agent") ? 1 : 0;
  EXPECT_EQ(agents, 1);
  EXPECT_THAT(sent_[0].headers, testing::Contains(Header{"user-agent", "swans"}));
  EXPECT_THAT(sent_[0].headers, testing::Not(testing::Contains(Header{"Host", "h.test"})));
}

TEST_F(ScriptTest, FindsItsUpstreamInTheEvidence) {
  upstream_[0].body = "x";
  const auto done = send_scripts();
  const auto folder = std::filesystem::temp_directory_path() /
                      ("mimus-upstream-" + std::to_string(reinterpret_cast<std::uintptr_t>(&done)));
  ASSERT_TRUE(make_evidence_folder(folder));
  ASSERT_TRUE(save_evidence(done, folder));
  const auto again = load_evidence(folder, catalogue_);
  std::filesystem::remove_all(folder);
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->facts.loopback_port, 9009);
  ASSERT_EQ(again->transcripts.at("l1").upstream.size(), 1U);
  EXPECT_EQ(again->transcripts.at("l1").upstream[0].body, "x");
}

TEST_F(RunnerTest, ReadsItsEvidenceBackAsItWas) {
  const auto done = send_all();
  const auto folder = std::filesystem::temp_directory_path() /
                      ("mimus-evidence-" + std::to_string(reinterpret_cast<std::uintptr_t>(&done)));
  std::filesystem::remove_all(folder);
  ASSERT_TRUE(make_evidence_folder(folder));
  ASSERT_TRUE(save_evidence(done, folder));
  EXPECT_THAT(make_evidence_folder(folder).error().text(), testing::HasSubstr("expected a new or empty folder"));
  const auto again = load_evidence(folder, catalogue_);
  std::filesystem::remove_all(folder);
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->facts.model, done.facts.model);
  ASSERT_EQ(again->transcripts.size(), done.transcripts.size());
  for (const auto& [id, transcript] : done.transcripts) {
    const Transcript& other = again->transcripts.at(id);
    EXPECT_EQ(other.recording.raw, transcript.recording.raw);
    EXPECT_EQ(other.recording.request.body, transcript.recording.request.body);
    EXPECT_EQ(other.recording.request.headers, transcript.recording.request.headers);
    EXPECT_EQ(other.expects, transcript.expects);
  }
}

}  // namespace
}  // namespace mimus::conformance
