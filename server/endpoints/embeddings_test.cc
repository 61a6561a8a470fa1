#include "server/base64.h"
#include "server/endpoints/app_desk.h"

namespace mimus::server {
namespace {

constexpr const char* kPath = "/v1/embeddings";

std::string body(const std::string& input, const std::string& more = "",
                 const std::string& model = "text-embedding-3-small") {
  return R"({"model":")" + model + R"(","input":)" + input + more + "}";
}

std::size_t size_of(const Answered& answer, const std::string& pointer) {
  const auto json = parse_json(answer.body);
  return json ? json->root().find_pointer(pointer).size() : 0;
}

TEST(Embeddings, AnswerEveryFormOfInput) {
  struct Row {
    const char* input;
    std::size_t count;
    const char* tokens;
  };
  const Row rows[] = {{R"("Hello world")", 1, "2"},
                      {R"(["Hello world","Hello"])", 2, "3"},
                      {"[1,2,3]", 1, "3"},
                      {"[[1,2,3],[4]]", 2, "4"}};
  AppDesk desk;
  for (const Row& row : rows) {
    const Answered answer = desk.post(kPath, body(row.input));
    ASSERT_EQ(answer.status, 200) << answer.body.substr(0, 300);
    EXPECT_EQ(answer.at("/object"), "list");
    EXPECT_EQ(answer.at("/model"), "text-embedding-3-small");
    EXPECT_EQ(size_of(answer, "/data"), row.count);
    EXPECT_EQ(size_of(answer, "/data/0/embedding"), 1536u);
    EXPECT_EQ(answer.at("/data/" + std::to_string(row.count - 1) + "/index"), std::to_string(row.count - 1));
    EXPECT_EQ(answer.at("/data/0/object"), "embedding");
    EXPECT_EQ(answer.at("/usage/prompt_tokens"), row.tokens);
    EXPECT_EQ(answer.at("/usage/total_tokens"), row.tokens);
    EXPECT_EQ(answer.at("/usage/completion_tokens"), "missing");
  }
}

TEST(Embeddings, AgreeInBothEncodings) {
  AppDesk desk;
  const Answered floats = desk.post(kPath, body(R"("x")", R"(,"dimensions":3)"));
  const Answered base64 = desk.post(kPath, body(R"("x")", R"(,"dimensions":3,"encoding_format":"base64")"));
  const auto bytes = decode_base64(base64.at("/data/0/embedding"));
  ASSERT_TRUE(bytes && bytes->size() == 12);
  for (std::size_t i = 0; i < 3; ++i) {
    float value = 0;  // every machine that mimus is built for is little-endian
    std::copy_n(bytes->data() + 4 * i, 4, reinterpret_cast<char*>(&value));
    EXPECT_EQ(std::stof(floats.at("/data/0/embedding/" + std::to_string(i))), value);
  }
}

TEST(Embeddings, HaveTheSizeOfTheirModel) {
  AppDesk desk;
  EXPECT_EQ(size_of(desk.post(kPath, body(R"("x")", "", "text-embedding-3-large")), "/data/0/embedding"), 3072u);
  EXPECT_EQ(desk.post(kPath, body(R"("x")", "", "text-embedding-ada-002")).at("/model"), "text-embedding-ada-002-v2");
  AppDesk lenient("choreo");
  EXPECT_EQ(size_of(lenient.post(kPath, body(R"("x")", "", "nomic-embed")), "/data/0/embedding"), 1536u);
}

TEST(Embeddings, RefuseWhatTheVendorRefuses) {
  AppDesk desk;
  std::string many = "[\"x\"";
  for (int i = 0; i < 2048; ++i) many += ",\"x\"";
  std::string tokens = "[1";
  for (int i = 0; i < 8192; ++i) tokens += ",1";
  std::string full = "[";
  for (int i = 0; i < 40; ++i) full += (i == 0 ? "" : ",") + tokens.substr(0, 1 + 2 * 8000 - 1) + "]";
  expect_refused(
      desk, kPath,
      {{"", 400, "null", "null"},
       {"{", 400, "null", "null"},
       {R"({"model":"text-embedding-3-small"})", 400, "missing_required_parameter", "input"},
       {R"({"input":"x"})", 400, "null", "null"},
       {body("1"), 400, "invalid_type", "input"},
       {body("null"), 400, "invalid_type", "input"},
       {body(R"("")"), 400, "empty_string", "input"},
       {body("[]"), 400, "empty_array", "input"},
       {body(R"(["x",1])"), 400, "invalid_type", "input[1]"},
       {body("[[]]"), 400, "empty_array", "input[0]"},
       {body(R"([["x"]])"), 400, "invalid_type", "input[0][0]"},
       {body(many + "]"), 400, "array_above_max_length", "input"},
       {body(tokens + "]"), 400, "null", "null"},
       {body(full + "]"), 400, "max_tokens_per_request", "input"},
       {body(R"("x")", R"(,"dimensions":1537)"), 400, "integer_above_max_value", "dimensions"},
       {body(R"("x")", R"(,"dimensions":0)"), 400, "integer_below_min_value", "dimensions"},
       {body(R"("x")", R"(,"dimensions":8)", "text-embedding-ada-002"), 400, "unsupported_parameter", "dimensions"},
       {body(R"("x")", R"(,"encoding_format":"hex")"), 400, "invalid_value", "encoding_format"},
       {body(R"("x")", "", "gpt-4o"), 404, "null", "model"},
       {body(R"("x")", "", "nothing"), 404, "model_not_found", "null"}});
  EXPECT_EQ(desk.ask("POST", kPath, body(R"("x")"), "text/plain").at("/error/code"), "unsupported_content_type");
}

}  // namespace
}  // namespace mimus::server
