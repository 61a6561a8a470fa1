#include "server/limits/request_sketch.h"

#include <string>

#include <gtest/gtest.h>

namespace mimus::server {
namespace {

TEST(RequestSketch, GuessesWhatARequestMayUse) {
  const std::string image = "data:image/png;base64," + std::string(4'000, 'A');
  struct Row {
    std::string body;
    const char* model;
    std::int64_t tokens;
  };
  const Row rows[] = {
      {R"({"model":"gpt-4o","messages":[{"role":"user","content":"0123456789012345"}]})", "gpt-4o", 5},
      {R"({"model":"gpt-4o;ttft=2s","prompt":"12345678"})", "gpt-4o", 2},
      {R"({"prompt":"12345678","max_tokens":100})", "", 102},
      {R"({"prompt":"12345678","max_tokens":100,"n":3})", "", 302},
      {R"({"input":["1234","5678"],"max_output_tokens":7})", "", 9},
      {R"({"contents":[{"parts":[{"text":"1234"}]}],"generationConfig":{"maxOutputTokens":50}})", "", 51},
      {R"({"messages":[{"content":[{"image_url":{"url":")" + image + R"("}},{"input_audio":{"data":"AAAAAAAA"}}]}]})",
       "", 0},
      {R"({"max_tokens":-5,"n":-1,"prompt":"1"})", "", 1},
      {R"({"max_tokens":9223372036854775807,"n":9223372036854775807})", "", 128'000'000'000},
      {"--boundary\r\n", "", 0},
      {"", "", 0},
      {"[\"1234\"]", "", 0},
  };
  for (const Row& row : rows) {
    const RequestSketch sketch = sketch_request(row.body);
    EXPECT_EQ(sketch.model, row.model) << row.body.substr(0, 100);
    EXPECT_EQ(sketch.tokens, row.tokens) << row.body.substr(0, 100);
  }
}

}  // namespace
}  // namespace mimus::server
