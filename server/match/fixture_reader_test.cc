#include "server/match/fixture_reader.h"

#include <gtest/gtest.h>

#include <numeric>

#include "api/object_reader.h"
#include "server/match/render.h"

namespace mimus::server {
namespace {

using namespace std::chrono_literals;

const Vocabulary kVocabulary = {.operations = {},
                                .situations = {"rate_limited", "server_error"},
                                .deviations = {},
                                .fault_problem = [](std::string_view fault) -> std::optional<std::string> {
                                  if (fault.starts_with("cut")) return std::nullopt;
                                  return "unknown fault \"" + std::string(fault) + "\"";
                                }};

std::string file_of(const std::string& fixture) {
  return "{\"mimus\": 1, \"fixtures\": [\n" + fixture + "\n]}";
}

ScriptedReply reply_of(const std::string& reply) {
  auto fixtures = read_fixtures(file_of("{\"reply\": " + reply + "}"), "f.json", kVocabulary);
  EXPECT_TRUE(fixtures) << (fixtures ? "" : fixtures.error().text());
  return fixtures ? std::move((*fixtures)[0].replies[0]) : ScriptedReply{};
}

struct Mistake {
  const char* text;
  const char* error;
};

constexpr Mistake kMistakes[] = {
    {R"({"mimus":1,"fixtures":[{"reply":{"txt":"x"}}]})",
     "f.json:1:34: /fixtures/0/reply/txt: unknown key, did you mean \"text\"?"},
    {"{\"mimus\":1,\n\"fixtures\":[\n {\"reply\":{\"text\":\"a\",\"text\":\"b\"}}]}",
     "f.json:3:12: /fixtures/0/reply/text: the key stands twice in one object"},
    {R"({"mimus":2,"fixtures":[]})", "f.json:1:2: /mimus: expected 1, found 2"},
    {R"({"fixtures":[]})", "f.json:1:1: \"mimus\" is missing: expected an integer"},
    {R"({"mimus":1,"fixtures":[{"when":{}}]})", "f.json:1:24: /fixtures/0: expected either \"reply\" or \"replies\""},
    {R"({"mimus":1,"fixtures":[{"reply":{},"replies":[{}]}]})",
     "f.json:1:24: /fixtures/0: expected either \"reply\" or \"replies\""},
    {R"({"mimus":1,"fixtures":[{"replies":[]}]})", "f.json:1:25: /fixtures/0/replies: expected at least one reply"},
    {R"({"mimus":1,"fixtures":[{"reply":{},"then":"stop"}]})",
     "f.json:1:36: /fixtures/0/then: expected one of repeat, cycle, fall_through, error, found \"stop\""},
    {R"({"mimus":1,"fixtures":[{"reply":{},"when":{"last_user":{"regex":"["}}}]})",
     "f.json:1:57: /fixtures/0/when/last_user/regex: not a regular expression (RE2): missing ]: ["},
    {R"({"mimus":1,"fixtures":[{"reply":{"error":"rate_limitd"}}]})",
     "f.json:1:34: /fixtures/0/reply/error: unknown situation \"rate_limitd\", did you mean \"rate_limited\"?"},
    {R"({"mimus":1,"fixtures":[{"reply":{"error":{"status":200,"message":"m"}}}]})",
     "f.json:1:43: /fixtures/0/reply/error/status: expected a number from 400 to 599, found 200"},
    {R"({"mimus":1,"fixtures":[{"reply":{"error":{"status":500}}}]})",
     "f.json:1:34: /fixtures/0/reply/error: expected a \"situation\", or a \"status\" and a \"message\""},
    {R"({"mimus":1,"fixtures":[{"reply":{"text":"a","error":"server_error"}}]})",
     "f.json:1:45: /fixtures/0/reply/error: a reply has this or \"text, tool_calls, ...\", not both"},
    {R"({"mimus":1,"fixtures":[{"reply":{"text":"{{usr}}"}}]})",
     "f.json:1:34: /fixtures/0/reply/text: unknown variable {{usr}} (two literal braces are written \\{{)"},
    {R"({"mimus":1,"fixtures":[{"reply":{"pace":{"ttft":200}}}]})",
     "f.json:1:42: /fixtures/0/reply/pace/ttft: expected a string, found 200"},
    {R"({"mimus":1,"fixtures":[{"reply":{"pace":{"ttft":"200"}}}]})",
     "f.json:1:42: /fixtures/0/reply/pace/ttft: directive \"ttft\": expected a duration such as "
     "200ms, 1.5s or 80us, at most an hour, found \"200\""},
    {R"({"mimus":1,"fixtures":[{"reply":{"fault":"cat"}}]})",
     "f.json:1:34: /fixtures/0/reply/fault: directive \"fault\": unknown fault \"cat\""},
    {R"({"mimus":1,"fixtures":[{"reply":{"directives":"tokns=1"}}]})",
     "f.json:1:34: /fixtures/0/reply/directives: unknown directive \"tokns\", did you mean \"tokens\"?"},
    {R"({"mimus":1,"fixtures":[{"reply":{"tool_calls":[{"arguments":{}}]}}]})",
     "f.json:1:48: /fixtures/0/reply/tool_calls/0: \"name\" is missing: expected a string"},
    {R"({"mimus":1,"fixtures":[{"reply":{"tool_calls":[{"name":"f","arguments":[1]}]}}]})",
     "f.json:1:60: /fixtures/0/reply/tool_calls/0/arguments: expected an object (or a string, to be sent as it is), "
     "found an array"},
    {R"({"mimus":1,"fixtures":[{"reply":{"choices":[]}}]})",
     "f.json:1:34: /fixtures/0/reply/choices: expected 1 to 128 choices"},
    {R"({"mimus":1,"fixtures":[{"reply":{"text":"a","choices":[{"text":"b"}]}}]})",
     "f.json:1:45: /fixtures/0/reply/choices: the text, tool_calls and the like of several choices stand inside "
     "\"choices\""},
    {R"({"mimus":1,"fixtures":[{"reply":{"usage":{}}}]})",
     "f.json:1:34: /fixtures/0/reply/usage: usage belongs to a reply with text, tool_calls, refusal or choices"},
    {R"({"mimus":1,"fixtures":[{"reply":{"raw":{"body":"a","body_base64":"YQ=="}}}]})",
     "f.json:1:34: /fixtures/0/reply/raw: expected one of body, body_base64 and chunks"},
    {R"({"mimus":1,"fixtures":[{"reply":{"raw":{"body_base64":"Y"}}}]})",
     "f.json:1:41: /fixtures/0/reply/raw/body_base64: not base64"},
    {R"({"mimus":1,"fixtures":[{"reply":{"raw":{"chunks":[{"at":"2ms","data":"a"},{"at":"1ms","data":"b"}]}}}]})",
     "f.json:1:76: /fixtures/0/reply/raw/chunks/1/at: earlier than the chunk before it"},
    {R"({"mimus":1,"fixtures":[{"reply":{"headers":{"a b":"c"}}}]})",
     "f.json:1:45: /fixtures/0/reply/headers/a b: not a header name"},
    {R"({"mimus":1,"fixtures":[{"reply":{"headers":{"a":"c\r\nd: e"}}}]})",
     "f.json:1:45: /fixtures/0/reply/headers/a: a header value holds no line break"},
    {R"({"mimus":1,"fixtures":[{"reply":{"embeddings":[["x"]]}}]})",
     "f.json:1:34: /fixtures/0/reply/embeddings: expected only numbers, found \"x\""},
    {R"({"mimus":1,"fixtures":[{"reply":{"images":[{}]}}]})",
     "f.json:1:44: /fixtures/0/reply/images/0: expected \"url\" or \"b64_json\""},
    {R"({"mimus":1,"fixtures":[{"reply":{"text":"x","logprobs":[{"token":"x","logprob":0.5}]}}]})",
     "f.json:1:70: /fixtures/0/reply/logprobs/0/logprob: expected at most 0, the logarithm of a probability"},
    {"{\"mimus\":1,\n\"fixtures\":[,]}", "f.json:2:13: not valid JSON: Invalid value."},
    {"\x7f\x45LF junk", "f.json:1:1: not valid JSON: Invalid value."},
    {"{\"mimus\":1,\"fixtures\":[{\"name\":\"\xff\"}]}", "f.json:1:33: not valid JSON: Invalid encoding in string."},
};

TEST(FixtureReader, RefusesMistakesAndTellsWhere) {
  for (const Mistake& row : kMistakes) {
    const auto fixtures = read_fixtures(row.text, "f.json", kVocabulary);
    ASSERT_FALSE(fixtures) << row.text;
    EXPECT_EQ(fixtures.error().text(), row.error);
  }
}

TEST(FixtureReader, GoesOnBehindAWrongFixture) {
  std::vector<std::string> errors;
  const auto fixtures =
      read_fixtures(file_of(R"({"reply":{"txt":1}}, {"name":"good","reply":{"text":"x"}}, {"when":3,"reply":{}})"),
                    "f.json", kVocabulary, [&](const Error& error) { return errors.push_back(error.text()), true; });
  ASSERT_EQ(fixtures.size(), 1U);
  EXPECT_EQ(fixtures[0].name, "good");
  EXPECT_EQ(fixtures[0].origin, "f.json: /fixtures/1");
  EXPECT_EQ(errors.size(), 2U);
}

TEST(FixtureReader, TakesCommentsAndTrailingCommas) {
  const auto fixtures =
      read_fixtures("// weather\n{\"mimus\": 1, /* two */ \"fixtures\": [{\"reply\": {},},],}", "f", kVocabulary);
  ASSERT_TRUE(fixtures) << fixtures.error().text();
  EXPECT_EQ(fixtures->size(), 1U);
  EXPECT_TRUE(std::holds_alternative<Synthesised>((*fixtures)[0].replies[0].content));
}

class Rendered : public testing::Test {
 protected:
  JsonDocument body_ =
      std::move(*parse_file_text(R"({"model":"m","messages":[{"role":"user","content":"Oslo"}]})", ""));
  Question question_ = question_of("chat.completions", "", false, body_.root(), {});
  States states_;
  TemplateContext context_{question_, states_, "", 1, {}};

  std::vector<Choice> choices(const std::string& reply, int n = 1) {
    const ScriptedReply scripted = reply_of(reply);
    return render_choices(std::get<ScriptedChoices>(scripted.content), n, context_);
  }
};

TEST_F(Rendered, ChoiceHasAllItsMembers) {
  const Choice choice = choices(R"({"text":"In {{last_user}}.","reasoning":"r","finish_reason":"length",
      "tool_calls":[{"id":"c1","name":"f","arguments":{"city":"{{last_user}}"}},{"name":"g","arguments":"{broken"},
                    {"name":"h","custom":true,"arguments":"free text"},{"name":"i"}],
      "logprobs":[{"token":"In","logprob":-0.5,"top":[{"token":"In","logprob":-0.5}]}]})")[0];
  EXPECT_EQ(choice.text, "In Oslo.");
  EXPECT_EQ(choice.reasoning, "r");
  EXPECT_EQ(choice.refusal, std::nullopt);
  EXPECT_EQ(choice.finish, FinishReason::Length);
  ASSERT_EQ(choice.tool_calls.size(), 4U);
  EXPECT_EQ(choice.tool_calls[0].arguments, R"({"city":"Oslo"})");
  EXPECT_EQ(choice.tool_calls[0].id, "c1");
  EXPECT_EQ(choice.tool_calls[1].arguments, "{broken");
  EXPECT_TRUE(choice.tool_calls[2].is_custom);
  EXPECT_EQ(choice.tool_calls[3].arguments, "{}");
  ASSERT_EQ(choice.logprobs.size(), 1U);
  EXPECT_EQ(choice.logprobs[0].top[0].second, -0.5);
}

TEST_F(Rendered, FinishFollowsFromTheRest) {
  EXPECT_EQ(choices(R"({"text":"x"})")[0].finish, FinishReason::Stop);
  EXPECT_EQ(choices(R"({"tool_calls":[{"name":"f"}]})")[0].finish, FinishReason::ToolCalls);
  EXPECT_EQ(choices(R"({"refusal":"no"})")[0].refusal, "no");
  EXPECT_EQ(choices(R"({"text":"x","finish_reason":"content_filter"})")[0].finish, FinishReason::ContentFilter);
}

TEST_F(Rendered, OneChoiceAnswersAllAndSeveralStayAsTheyAre) {
  EXPECT_EQ(choices(R"({"text":"x"})", 3).size(), 3U);
  const auto two = choices(R"({"choices":[{"text":"a"},{"refusal":"b"}]})", 3);
  ASSERT_EQ(two.size(), 2U);
  EXPECT_EQ(two[0].text, "a");
  EXPECT_EQ(two[1].refusal, "b");
}

TEST_F(Rendered, JsonIsTheText) {
  EXPECT_EQ(choices(R"({"json":{"city":"{{last_user}}","n":[1,2.5]}})")[0].text, R"({"city":"Oslo","n":[1,2.5]})");
}

TEST_F(Rendered, UsageReplacesWhatWasCounted) {
  const ScriptedReply reply = reply_of(R"({"text":"x","usage":{"prompt_tokens":7,"cached_tokens":3}})");
  const Usage usage = overlay(std::get<ScriptedChoices>(reply.content).usage, Usage{1, 2, 0, 0});
  EXPECT_EQ(usage.prompt_tokens, 7);
  EXPECT_EQ(usage.completion_tokens, 2);
  EXPECT_EQ(usage.cached_tokens, 3);
}

TEST_F(Rendered, ErrorIsTheDialectsWithItsOwnMembersInPlace) {
  const ApiError row{429, "Slow down.", "requests", std::nullopt, "rate_limit_exceeded", {}};
  const ScriptedReply by_name = reply_of(R"({"error":{"situation":"rate_limited","message":"Not {{last_user}}."}})");
  const ApiError named = render_error(std::get<ScriptedError>(by_name.content), row, context_);
  EXPECT_EQ(named.status, 429);
  EXPECT_EQ(named.message, "Not Oslo.");
  EXPECT_EQ(named.code, "rate_limit_exceeded");
  const ScriptedReply in_full =
      reply_of(R"({"error":{"status":418,"message":"m","type":"t","param":null,"code":"c"}})");
  const ApiError full = render_error(std::get<ScriptedError>(in_full.content), row, context_);
  EXPECT_EQ(full.status, 418);
  EXPECT_EQ(full.type, "t");
  EXPECT_EQ(full.param, std::nullopt);
  EXPECT_EQ(full.code, "c");
}

TEST_F(Rendered, HeadersMayRepeatAndCarryNoLineBreaks) {
  const JsonDocument body = std::move(*parse_file_text(R"({"input":"a\r\nSet-Cookie: x"})", ""));
  const Question question = question_of("embeddings", "", false, body.root(), {});
  const TemplateContext context{question, states_, "", 1, {}};
  const auto headers = render_headers(reply_of(R"({"headers":{"x-a":["1","2"],"x-b":"{{last_user}}"}})"), context);
  EXPECT_EQ(headers, (std::vector<Header>{{"x-a", "1"}, {"x-a", "2"}, {"x-b", "aSet-Cookie: x"}}));
}

TEST(FixtureReader, ReadsPaceFaultsAndDelay) {
  const ScriptedReply reply = reply_of(R"({"text":"x","delay":"1s","fault":["cut:a","cut:b"],"directives":"echo",
      "pace":{"ttft":"200ms","token":"20ms","jitter":"uniform:0.5","chunk_tokens":2}})");
  EXPECT_EQ(reply.delay, Duration(1s));
  EXPECT_EQ(reply.directives.ttft, Duration(200ms));
  EXPECT_EQ(reply.directives.token, Duration(20ms));
  EXPECT_EQ(reply.directives.jitter->millionths, 500'000);
  EXPECT_EQ(reply.directives.chunk_tokens, 2);
  EXPECT_EQ(reply.directives.faults, (std::vector<std::string>{"cut:a", "cut:b"}));
  EXPECT_TRUE(reply.directives.echo);
}

TEST(FixtureReader, ReadsVectorsAndImages) {
  const ScriptedReply one = reply_of(R"({"embeddings":[0.5,1]})");
  EXPECT_EQ(std::get<ScriptedEmbeddings>(one.content).vectors, (std::vector<std::vector<double>>{{0.5, 1}}));
  const ScriptedReply two = reply_of(R"({"embeddings":[[1],[2]]})");
  EXPECT_EQ(std::get<ScriptedEmbeddings>(two.content).vectors.size(), 2U);
  const ScriptedReply images =
      reply_of(R"({"images":[{"url":"http://x/1.png","revised_prompt":"p"},{"b64_json":"YQ=="}]})");
  EXPECT_EQ(std::get<ScriptedImages>(images.content).images[1].b64_json, "YQ==");
}

TEST_F(Rendered, RawRepliesKeepTheirBytes) {
  const ScriptedReply text =
      reply_of(R"({"raw":{"status":502,"body":"<html>{{last_user}}</html>"},"headers":{"content-type":"text/html"}})");
  const auto& html = std::get<ScriptedRaw>(text.content);
  EXPECT_EQ(html.status, 502);
  EXPECT_EQ(html.body.render(context_), "<html>Oslo</html>");
  const ScriptedReply json = reply_of(R"({"raw":{"body":{"ok":true}}})");
  EXPECT_EQ(std::get<ScriptedRaw>(json.content).body.render(context_), R"({"ok":true})");
  EXPECT_EQ(std::get<ScriptedRaw>(json.content).content_type, "application/json");
  const ScriptedReply bytes = reply_of(R"({"raw":{"body_base64":"e3t4"}})");
  EXPECT_EQ(std::get<ScriptedRaw>(bytes.content).body.render(context_), "{{x");
  const ScriptedReply stream = reply_of(R"({"raw":{"ending":"reset","chunks":[{"data":"data: {{a}}\n"},
      {"at":"1.5ms","data_base64":"/w=="},{"data":"\n"}]}})");
  const auto& chunks = std::get<ScriptedRaw>(stream.content);
  ASSERT_EQ(chunks.chunks.size(), 3U);
  EXPECT_EQ(chunks.chunks[0].bytes, "data: {{a}}\n");
  EXPECT_EQ(chunks.chunks[1].bytes, "\xff");
  EXPECT_EQ(chunks.chunks[2].at, Duration(1500us));
  EXPECT_EQ(chunks.ending, Ending::Reset);
  EXPECT_EQ(chunks.content_type, "text/event-stream");
}

}  // namespace
}  // namespace mimus::server
