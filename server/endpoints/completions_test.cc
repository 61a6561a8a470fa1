#include <gmock/gmock.h>

#include "server/endpoints/app_desk.h"

namespace mimus::server {
namespace {

constexpr const char* kPath = "/v1/completions";

std::string body(const std::string& more = "") {
  return R"({"model":"gpt-3.5-turbo-instruct","prompt":"Once upon a time")" + more + "}";
}

TEST(Completions, AnswerWithSixteenTokensUnlessTold) {
  AppDesk desk;
  const Answered answer = desk.post(kPath, body());
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(answer.at("/id"), testing::StartsWith("cmpl-"));
  EXPECT_EQ(answer.at("/object"), "text_completion");
  EXPECT_EQ(answer.at("/usage/prompt_tokens"), "4");
  EXPECT_EQ(answer.at("/usage/completion_tokens"), "16");
  EXPECT_EQ(answer.at("/choices/0/finish_reason"), "length");
  EXPECT_EQ(answer.at("/choices/0/logprobs"), "null");
  const std::string longer = desk.post(kPath, body(R"(,"max_tokens":40)")).at("/choices/0/text");
  EXPECT_THAT(longer, testing::StartsWith(answer.at("/choices/0/text")));
}

TEST(Completions, CountChoicesOverAllPrompts) {
  AppDesk desk;
  const Answered answer = desk.post(kPath, R"({"model":"davinci-002","prompt":["one","two",[1,2,3]],"n":2})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.at("/choices/5/index"), "5");
  EXPECT_EQ(answer.at("/choices/6"), "missing");
  EXPECT_EQ(answer.at("/usage/prompt_tokens"), "5");
  EXPECT_NE(answer.at("/choices/0/text"), answer.at("/choices/1/text"));
  EXPECT_NE(answer.at("/choices/0/text"), answer.at("/choices/2/text"));
}

TEST(Completions, EchoThePromptWithItsLogProbabilities) {
  AppDesk desk;
  const Answered answer = desk.post(kPath, body(R"(,"echo":true,"logprobs":2,"max_tokens":3)"));
  EXPECT_THAT(answer.at("/choices/0/text"), testing::StartsWith("Once upon a time"));
  EXPECT_EQ(answer.at("/choices/0/logprobs/tokens/0"), "Once");
  EXPECT_NE(answer.at("/choices/0/logprobs/tokens/6"), "missing");
  EXPECT_EQ(answer.at("/choices/0/logprobs/tokens/7"), "missing");
  EXPECT_EQ(answer.at("/choices/0/logprobs/text_offset/1"), "4");
}

TEST(Completions, StreamTheSameText) {
  AppDesk desk;
  const std::string whole = desk.post(kPath, body()).at("/choices/0/text");
  const Answered stream = desk.post(kPath, body(R"(,"stream":true)"));
  std::string text;
  for (std::size_t at = 0; (at = stream.body.find("data: {", at)) != std::string::npos; ++at) {
    const auto event = parse_json(std::string_view(stream.body).substr(at + 6, stream.body.find('\n', at) - at - 6));
    ASSERT_TRUE(event);
    EXPECT_EQ(event->root().find("object").string_or(""), "text_completion");
    text += event->root().find_pointer("/choices/0/text").string_or("");
  }
  EXPECT_EQ(text, whole);
  EXPECT_THAT(stream.body, testing::EndsWith("data: [DONE]\n\n"));
}

TEST(Completions, RefuseWhatTheVendorRefuses) {
  AppDesk desk;
  std::string many = R"({"model":"davinci-002","n":128,"prompt":["x")";
  for (int i = 0; i < 40; ++i) many += ",\"x\"";
  expect_refused(desk, kPath,
                 {{R"({"prompt":"x"})", 400, "null", "null"},
                  {R"({"model":"gpt-4o","prompt":"x"})", 404, "null", "model"},
                  {body(R"(,"logprobs":true)"), 400, "invalid_type", "logprobs"},
                  {body(R"(,"logprobs":6)"), 400, "integer_above_max_value", "logprobs"},
                  {body(R"(,"n":3,"best_of":2)"), 400, "integer_below_min_value", "best_of"},
                  {body(R"(,"max_tokens":-1)"), 400, "integer_below_min_value", "max_tokens"},
                  {body(R"(,"max_tokens":16384)"), 400, "null", "null"},
                  {body(R"(,"max_tokens":16385)"), 400, "invalid_value", "max_tokens"},
                  {body(R"(,"stream_options":{"include_usage":true})"), 400, "null", "stream_options"},
                  {body(R"(,"messages":[])"), 400, "null", "null"},
                  {many + "]}", 400, "array_above_max_length", "prompt"},
                  {R"({"model":"davinci-002","prompt":[]})", 400, "empty_array", "prompt"},
                  {R"({"model":"davinci-002","prompt":{}})", 400, "invalid_type", "prompt"}});
}

}  // namespace
}  // namespace mimus::server
