// The confusion matrix without a server: good replies to every probe bring no finding, and each deviation of
// fixtures/deviations is reported by its own check and by no other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "api/embedded.h"
#include "api/object_reader.h"
#include "api/read_file.h"
#include "conformance/run/runner.h"
#include "conformance/selfcheck/deviation.h"
#include "conformance/validate/judge.h"

namespace mimus::conformance {
namespace {

constexpr std::int64_t kNow = 1'790'000'000;

const Catalogue& catalogue() {
  static const Catalogue loaded = [] {
    auto result = load_catalogue();
    if (!result) ADD_FAILURE() << result.error().text();
    return result ? std::move(*result) : Catalogue{};
  }();
  return loaded;
}

std::string read_text(const std::string& name) {
  auto text = read_file(std::string(MIMUS_SOURCE_DIR) + "/" + name, 16 * 1024 * 1024);
  EXPECT_TRUE(text) << name;
  return text ? *text : "";
}

const JsonDocument& good_replies() {
  static const JsonDocument document = [] {
    auto parsed = parse_json(read_text("fixtures/golden/check/good.json"));
    return parsed ? std::move(*parsed) : JsonDocument();
  }();
  return document;
}

ScriptedReply good_reply(const std::string& probe) {
  Json json = good_replies().root().find("good").find(probe);
  EXPECT_TRUE(json) << "fixtures/golden/check/good.json has no reply to " << probe;
  if (const Json like = json.find("like")) json = good_replies().root().find("good").find(like.string_or(""));
  ScriptedReply reply;
  reply.status = static_cast<int>(json.find("status").int_or(200));
  reply.headers = {{"Content-Type", "application/json"}};
  if (const Json frames = json.find("sse")) {
    reply.is_stream = true;
    reply.headers = {{"Content-Type", "text/event-stream; charset=utf-8"}, {"Cache-Control", "no-cache"}};
    const bool named = json.find("events").bool_or(false);  // as Responses has them: event: TYPE
    for (const Json frame : frames.elements()) {
      const std::string event = named ? "event: " + std::string(frame.find("type").string_or("")) + "\n" : "";
      reply.frames.push_back(event + "data: " + to_text(frame) + "\n\n");
    }
    if (json.find("done").bool_or(!named)) reply.frames.push_back("data: [DONE]\n\n");
  }
  if (const Json text = json.find("text")) reply.body = text.string_or("");
  if (const Json body = json.find("json")) reply.body = to_text(body);
  for (const auto [name, value] : json.find("headers").members()) {
    set_header(reply, name, std::string(value.string_or("")));
  }
  return reply;
}

// The upstream was asked what the target was asked, and noticed at once when the client left.
UpstreamCall good_call(const Request& request, bool leaves) {
  UpstreamCall call;
  call.method = request.method;
  call.path = request.path;
  call.body = request.body;
  call.ended = leaves ? "left" : "whole";
  call.over = std::chrono::milliseconds(50);
  return call;
}

// A reply whose text is SENT repeats the prompt.
void say_what_was_asked(const Request& request, ScriptedReply& reply) {
  const std::string mark = "\"SENT\"";
  const std::size_t at = reply.body.find(mark);
  const auto sent = parse_json(request.body);
  if (at == std::string::npos || !sent) return;
  reply.body.replace(at, mark.size(), to_text(sent->root().find_pointer("/messages/0/content")));
}

// Its body of 2 MB would be parsed some hundred times.
constexpr std::string_view kCostly = "transport.body.large";

// A target by itself is one scene, one that mimus is the upstream of another: what spoils every reply would show in
// both.
bool is_of_loopback(std::string_view deviation) {
  const Check* check = catalogue().find_check(deviation);
  return deviation.starts_with("loopback-") || (check != nullptr && check->check_class == CheckClass::Loopback);
}

std::vector<const Check*> checks_for(std::string_view deviation) {
  std::vector<const Check*> checks;
  for (const Check& check : catalogue().checks) {
    const bool of_scene = (check.check_class == CheckClass::Loopback) == is_of_loopback(deviation);
    const bool wanted = of_scene && (check.id != kCostly || deviation == kCostly);
    if (wanted || deviation.empty()) checks.push_back(&check);
  }
  return checks;
}

using Spoil = std::function<void(const Request&, ScriptedReply&)>;

std::vector<Outcome> outcomes_with(const Spoil& spoil, std::string_view deviation) {
  const std::vector<const Check*> checks = checks_for(deviation);
  Target target;
  target.host = "mock.test";
  target.port = "80";
  target.base_path = "/v1";
  target.api_key = "sk-test-1234567890";
  target.model = "gpt-test";
  std::string probe;
  std::vector<UpstreamCall> upstream;
  RunHooks hooks;
  hooks.progress = [&](std::size_t, std::size_t, const Probe& next) { probe = next.id; };
  hooks.wait = [](std::chrono::milliseconds) {};
  hooks.send = [&](const Request& request, const std::optional<Request>& lead, const ExchangeLimits& limits) {
    const bool leaves = limits.leave_after > 0 || limits.time < ExchangeLimits{}.time;
    ScriptedReply reply = good_reply(probe);
    say_what_was_asked(request, reply);
    reply.upstream = {good_call(request, leaves)};
    spoil(request, reply);
    upstream = reply.upstream;
    Recording recording = record(reply, request, lead);
    if (leaves) recording.ending = Ending::Left;
    return recording;
  };
  hooks.upstream = [&](const std::string&, std::chrono::milliseconds) { return upstream; };
  RunOptions options;
  options.now = kNow;
  options.loopback_port = 9009;
  const Plan plan = make_plan(catalogue(), checks, true);
  const Run run = run_plan(target, catalogue(), plan, options, hooks);
  const Expectations expect;
  return judge(catalogue(), checks, Scene{run.transcripts, run.facts, expect, false});
}

bool is_finding(const Outcome& outcome) {
  return outcome.verdict == Verdict::Fail || outcome.verdict == Verdict::Warn || outcome.verdict == Verdict::Info ||
         outcome.verdict == Verdict::Error;
}

std::string told(const Outcome& outcome) {
  return outcome.check->id + " " + std::string(name_of(outcome.verdict)) + " at " + outcome.place.probe + " " +
         outcome.place.at + ": expected " + outcome.expected + ", found " + outcome.found + " " + outcome.reason;
}

std::vector<Deviation> all_deviations() {
  std::vector<Deviation> all;
  for (const std::string_view name : embedded_below("deviations/")) {
    auto read = read_deviations(*find_embedded(name), std::string(name));
    if (!read) {
      ADD_FAILURE() << read.error().text();
      continue;
    }
    for (Deviation& deviation : *read) all.push_back(std::move(deviation));
  }
  return all;
}

TEST(SelfCheck, FindsNothingInGoodReplies) {
  std::set<std::string> not_measured;
  for (const Outcome& outcome : outcomes_with([](const Request&, ScriptedReply&) {}, "")) {
    EXPECT_FALSE(is_finding(outcome)) << told(outcome);
    if (outcome.verdict != Verdict::Pass) not_measured.insert(outcome.check->id + ": " + outcome.reason);
  }
  // The good replies arrive in a moment, none of them is a refusal for a limit, and the model holds no 300,000 tokens.
  EXPECT_THAT(not_measured,
              testing::UnorderedElementsAre(testing::StartsWith("chat.stream.incremental: the reply was too short"),
                                            testing::StartsWith("errors.context.whole: refused: HTTP 400"),
                                            testing::StartsWith("ratelimit.429.envelope: no call was limited"),
                                            testing::StartsWith("ratelimit.429.retry-after: no call was limited"),
                                            testing::StartsWith("ratelimit.headers.values: the reply tells no limits"),
                                            testing::StartsWith("ratelimit.retry-after.parse: no call was limited")));
}

TEST(SelfCheck, ReportsEachDeviationByItsOwnCheckAndNoOther) {
  for (const Deviation& deviation : all_deviations()) {
    int spoiled = 0;
    std::set<std::string> found;
    std::string all;
    for (const Outcome& outcome : outcomes_with(
             [&](const Request&request, ScriptedReply&reply) {
               if (applies(deviation, request, reply) && commit(deviation, reply)) ++spoiled;
             },
             deviation.check)) {
      if (!is_finding(outcome)) continue;
      found.insert(outcome.check->id);
      all += "\n  " + told(outcome);
      EXPECT_FALSE(outcome.curl.empty()) << told(outcome);
    }
    EXPECT_GT(spoiled, 0) << deviation.check << ": " << deviation.what << " spoils no reply";
    EXPECT_THAT(found, testing::ElementsAre(deviation.check)) << deviation.what << all;
  }
}

// One for each way of being odd that naive checkers take for a fault: what stands in the documents as optional, what
// vendors do, what models do.
TEST(SelfCheck, BreaksNoMustOverWhatIsUnusualButLegal) {
  const auto variants = read_deviations(read_text("fixtures/golden/check/legal.json"), "legal.json");
  ASSERT_TRUE(variants) << variants.error().text();
  EXPECT_GE(variants->size(), 30U);
  for (const Deviation& variant : *variants) {
    int spoiled = 0;
    const auto outcomes = outcomes_with(
        [&](const Request& request, ScriptedReply& reply) {
          if (applies(variant, request, reply) && commit(variant, reply)) ++spoiled;
        },
        variant.check);
    EXPECT_GT(spoiled, 0) << variant.check << " changes no reply";
    for (const Outcome& outcome : outcomes) {
      const bool is_broken = outcome.verdict == Verdict::Fail || outcome.verdict == Verdict::Error;
      EXPECT_FALSE(is_broken) << variant.check << " (" << variant.what << "): " << told(outcome);
    }
  }
}

TEST(SelfCheck, KnowsADeviationForEveryCheck) {
  std::set<std::string> known;
  for (const Deviation& deviation : all_deviations()) known.insert(deviation.check);
  for (const Check& check : catalogue().checks) EXPECT_EQ(known.count(check.id), 1U) << check.id;
}

}  // namespace
}  // namespace mimus::conformance
