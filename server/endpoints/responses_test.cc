#include <gmock/gmock.h>

#include "server/endpoints/app_desk.h"

namespace mimus::server {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kPath = "/v1/responses";
constexpr const char* kTool =
    R"("tools":[{"type":"function","name":"get_weather","description":"The weather of a city","parameters":)"
    R"({"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}}])";

std::string ask(const std::string& more = "", const std::string& input = R"("What do mockingbirds sing?")") {
  return R"({"model":"gpt-4o","input":)" + input + (more.empty() ? "" : "," + more) + "}";
}

std::string text_of(const Answered& answer) {
  return answer.at("/output/0/content/0/text");
}

// The payloads of a stream's events.
std::vector<JsonDocument> events_of(const Answered& answer) {
  std::vector<JsonDocument> events;
  std::size_t at = 0;
  while ((at = answer.body.find("data: ", at)) != std::string::npos) {
    at += 6;
    auto event = parse_json(answer.body.substr(at, answer.body.find('\n', at) - at));
    EXPECT_TRUE(event);
    if (event) events.push_back(std::move(*event));
  }
  return events;
}

TEST(Responses, AnswerWithAnObjectThatRepeatsItsSettings) {
  AppDesk desk;
  const Answered answer = desk.post(kPath, ask(R"("instructions":"Be brief.","metadata":{"a":"b"})"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(answer.at("/id"), StartsWith("resp_"));
  EXPECT_EQ(answer.at("/object"), "response");
  EXPECT_EQ(answer.at("/status"), "completed");
  EXPECT_EQ(answer.at("/model"), "gpt-4o-2024-08-06");
  EXPECT_EQ(answer.at("/output/0/role"), "assistant");
  EXPECT_THAT(text_of(answer), HasSubstr("mockingbird"));
  EXPECT_EQ(answer.at("/instructions"), "Be brief.");
  EXPECT_EQ(answer.at("/metadata"), R"({"a":"b"})");
  EXPECT_EQ(answer.at("/conversation"), "missing");
}

TEST(Responses, StreamTheSameTextAndObject) {
  for (const std::string& more : std::vector<std::string>{
           R"("temperature":0.5)", R"("max_output_tokens":16)", std::string(kTool) + R"(,"tool_choice":"required")",
           R"("include":["message.output_text.logprobs"])",
           R"("text":{"format":{"type":"json_schema","name":"x",)"
           R"("schema":{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]}}})"}) {
    AppDesk whole_desk;
    AppDesk stream_desk;
    const Answered whole = whole_desk.post(kPath, ask(more));
    const Answered streamed = stream_desk.post(kPath, ask(more + R"(,"stream":true)"));
    ASSERT_EQ(whole.status, 200) << whole.body;
    const auto events = events_of(streamed);
    ASSERT_GT(events.size(), 6U) << streamed.body;
    std::string text;
    for (std::size_t i = 0; i < events.size(); ++i) {
      EXPECT_EQ(events[i].root().find("sequence_number").as_int(), static_cast<std::int64_t>(i));
      text += events[i].root().find("delta").string_or("");
    }
    const Json last = events.back().root();
    EXPECT_EQ(last.find("type").as_string(), "response." + whole.at("/status"));
    EXPECT_EQ(to_text(last.find("response").find("output")), whole.at("/output")) << more;
    EXPECT_EQ(to_text(last.find("response").find("usage")), whole.at("/usage")) << more;
    EXPECT_EQ(text, whole.at("/output/0/type") == "message" ? text_of(whole) : whole.at("/output/0/arguments"));
    EXPECT_THAT(streamed.body, Not(HasSubstr("[DONE]")));
  }
}

TEST(Responses, EndIncompleteWhereTheLimitCutsThem) {
  AppDesk desk;
  const Answered whole = desk.post(kPath, ask());
  const Answered cut = desk.post(kPath, ask(R"("max_output_tokens":16)"));
  EXPECT_EQ(cut.at("/status"), "incomplete");
  EXPECT_EQ(cut.at("/incomplete_details/reason"), "max_output_tokens");
  EXPECT_EQ(cut.at("/output/0/status"), "incomplete");
  EXPECT_EQ(cut.at("/usage/output_tokens"), "16");
  EXPECT_THAT(text_of(whole), StartsWith(text_of(cut)));
}

TEST(Responses, AskForAToolAndEndInText) {
  AppDesk desk;
  const Answered first = desk.post(kPath, ask(kTool, R"("What is the weather in Paris?")"));
  ASSERT_EQ(first.at("/output/0/type"), "function_call") << first.body;
  EXPECT_EQ(first.at("/status"), "completed");
  const std::string call_id = first.at("/output/0/call_id");
  EXPECT_THAT(call_id, StartsWith("call_"));
  EXPECT_THAT(first.at("/output/0/id"), StartsWith("fc_"));

  const std::string output = R"({"type":"function_call_output","call_id":")" + call_id + R"(","output":"sunny"})";
  const std::string continued = std::string(kTool) + R"(,"previous_response_id":")" + first.at("/id") + "\"";
  const Answered by_id = desk.post(kPath, ask(continued, "[" + output + "]"));
  EXPECT_EQ(by_id.at("/output/0/type"), "message") << by_id.body;
  EXPECT_THAT(text_of(by_id), HasSubstr("get_weather: sunny"));
  EXPECT_EQ(by_id.at("/previous_response_id"), first.at("/id"));

  const std::string user = R"({"role":"user","content":"What is the weather in Paris?"})";
  const Answered by_history =
      desk.post(kPath, ask(kTool, "[" + user + "," + first.at("/output/0") + "," + output + "]"));
  EXPECT_EQ(text_of(by_history), text_of(by_id)) << "the same conversation gets the same answer, however it is told";
  EXPECT_EQ(by_history.at("/usage"), by_id.at("/usage"));

  const std::string reference = R"({"type":"item_reference","id":")" + first.at("/output/0/id") + R"("})";
  const Answered by_reference = desk.post(kPath, ask(kTool, "[" + user + "," + reference + "," + output + "]"));
  EXPECT_EQ(text_of(by_reference), text_of(by_id)) << by_reference.body;

  EXPECT_EQ(desk.post(kPath, ask(continued, R"("And now?")")).at("/error/message"),
            "No tool output found for function call " + call_id + ".");
}

TEST(Responses, ContinueOnlyWhatWasStored) {
  AppDesk desk;
  const Answered unstored = desk.post(kPath, ask(R"("store":false)"));
  EXPECT_EQ(unstored.at("/store"), "false");
  const std::string id = unstored.at("/id");
  EXPECT_EQ(desk.get("/v1/responses/" + id).status, 404);
  EXPECT_EQ(desk.post(kPath, ask(R"("previous_response_id":")" + id + "\"")).at("/error/code"),
            "previous_response_not_found");
}

TEST(Responses, DoNotInheritInstructions) {
  AppDesk desk;
  const Answered first = desk.post(kPath, ask(R"("instructions":"Speak of pirates.")"));
  const std::string more = R"("previous_response_id":")" + first.at("/id") + "\"";
  const Answered second = desk.post(kPath, ask(more, R"("And then?")"));
  EXPECT_EQ(second.at("/instructions"), "null");
  const std::string told = R"([{"role":"user","content":"What do mockingbirds sing?"},)" + first.at("/output/0") +
                           R"(,{"role":"user","content":"And then?"}])";
  EXPECT_EQ(text_of(second), text_of(desk.post(kPath, ask("", told))));
}

TEST(Responses, HaveIdsOfTheirOwnAndTheSameInEveryRun) {
  AppDesk one;
  AppDesk other;
  const std::string first = one.post(kPath, ask()).body;
  const std::string second = one.post(kPath, ask()).body;
  EXPECT_NE(first, second);
  EXPECT_EQ(other.post(kPath, ask()).body, first);
  EXPECT_EQ(other.post(kPath, ask()).body, second);
}

TEST(Responses, CountTheirInput) {
  AppDesk desk;
  const Answered whole = desk.post(kPath, ask(kTool));
  const Answered counted = desk.post("/v1/responses/input_tokens", ask(kTool));
  EXPECT_EQ(counted.at("/object"), "response.input_tokens");
  EXPECT_EQ(counted.at("/input_tokens"), whole.at("/usage/input_tokens"));
  EXPECT_EQ(desk.post("/v1/responses/input_tokens", ask(R"("store":true)")).at("/error/code"), "unknown_parameter");
}

TEST(Responses, FollowDirectivesWithErrorsInTheirOwnShape) {
  AppDesk desk;
  const std::string model = R"({"model":"gpt-4o;)";
  EXPECT_EQ(desk.post(kPath, model + R"(error=overloaded","input":"Hi"})").status, 503);
  EXPECT_EQ(text_of(desk.post(kPath, model + R"(echo","input":"Say this."})")), "Say this.");
  const Answered broken = desk.post(kPath, model + R"(fault=error_event:after_chunks=2","input":"Hi","stream":true})");
  EXPECT_EQ(broken.status, 200);
  const auto events = events_of(broken);
  ASSERT_EQ(events.size(), 3U) << broken.body;
  EXPECT_THAT(broken.body, HasSubstr("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"server_error\""));
  EXPECT_EQ(events.back().root().find("sequence_number").as_int(), 2);
}

TEST(Responses, RefuseAnInputBeyondTheContext) {
  AppDesk desk;
  std::string words;
  for (int i = 0; i < 9'000; ++i) words += "bird ";
  const std::string body = R"({"model":"gpt-4","input":")" + words + "\"";
  const Answered refused = desk.post(kPath, body + "}");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.at("/error/code"), "context_length_exceeded");
  EXPECT_EQ(desk.post(kPath, body + R"(,"truncation":"auto"})").status, 200);
}

TEST(Responses, AreServedByADialectWithoutModels) {
  AppDesk desk("ozwell");
  const Answered answer = desk.post(kPath, R"({"model":"any","input":"Hi","unknown":1})");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(desk.get("/v1/responses/" + answer.at("/id")).at("/id"), answer.at("/id"));
  EXPECT_EQ(desk.get("/v1/responses/resp_none").at("/error/type"), "not_found_error");
}

}  // namespace
}  // namespace mimus::server
