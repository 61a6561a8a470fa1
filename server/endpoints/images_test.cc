#include <gmock/gmock.h>

#include "server/base64.h"
#include "server/endpoints/app_desk.h"

namespace mimus::server {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kPath = "/v1/images/generations";
constexpr std::string_view kPngStart = "\x89PNG\r\n\x1a\n";

std::string body(const std::string& model, const std::string& more = "") {
  return R"({"model":")" + model + R"(","prompt":"A cat")" + more + "}";
}

std::uint32_t side_of(std::string_view png, std::size_t at) {
  std::uint32_t side = 0;
  for (std::size_t i = 0; i < 4; ++i) side = side << 8 | static_cast<unsigned char>(png[at + i]);
  return side;
}

TEST(Images, GiveUrlsThatCanBeFetched) {
  AppDesk desk;
  const Answered answer = desk.post(kPath, body("dall-e-2", R"(,"n":2,"size":"256x256")"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.at("/created"), "1700000000");
  std::vector<std::string> pictures;
  for (const char* pointer : {"/data/0/url", "/data/1/url"}) {
    const std::string url = answer.at(pointer);
    ASSERT_THAT(url, StartsWith("http://127.0.0.1:8080/images/"));
    const Answered picture = desk.get(url.substr(std::string("http://127.0.0.1:8080").size()));
    EXPECT_EQ(picture.status, 200);
    EXPECT_EQ(picture.header("content-type"), "image/png");
    ASSERT_THAT(picture.body, StartsWith(std::string(kPngStart)));
    EXPECT_EQ(side_of(picture.body, 16), 256u);
    pictures.push_back(picture.body);
  }
  EXPECT_NE(pictures[0], pictures[1]);
  EXPECT_EQ(answer.at("/data/0/b64_json"), "missing");
  EXPECT_EQ(answer.at("/data/2"), "missing");
}

TEST(Images, GiveTheSamePictureEitherWay) {
  AppDesk desk;
  const std::string url = desk.post(kPath, body("dall-e-3", R"(,"size":"1792x1024")")).at("/data/0/url");
  const Answered base64 = desk.post(kPath, body("dall-e-3", R"(,"size":"1792x1024","response_format":"b64_json")"));
  EXPECT_EQ(decode_base64(base64.at("/data/0/b64_json")), desk.get(url.substr(21)).body);
  EXPECT_THAT(base64.at("/data/0/revised_prompt"), HasSubstr("A cat"));
}

TEST(Images, TellTheDetailsOfAGptImage) {
  AppDesk desk;
  const Answered answer =
      desk.post(kPath, body("gpt-image-1", R"(,"size":"1536x1024","quality":"low","output_format":"webp")"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(decode_base64(answer.at("/data/0/b64_json")).value_or(""), StartsWith(std::string(kPngStart)));
  EXPECT_EQ(answer.at("/data/0/url"), "missing");
  EXPECT_EQ(answer.at("/size"), "1536x1024");
  EXPECT_EQ(answer.at("/quality"), "low");
  EXPECT_EQ(answer.at("/background"), "opaque");
  EXPECT_EQ(answer.at("/output_format"), "png");  // what it really is
  EXPECT_EQ(answer.at("/usage/input_tokens"), "2");
  EXPECT_EQ(answer.at("/usage/total_tokens"), std::to_string(2 + 272));
}

TEST(Images, StreamPartialPicturesAndThenTheWhole) {
  AppDesk desk;
  const Answered answer = desk.post(kPath, body("gpt-image-1", R"(,"stream":true,"partial_images":2)"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.header("content-type"), StartsWith("text/event-stream"));
  std::vector<std::string> types;
  std::vector<std::string> pictures;
  for (std::size_t at = 0; (at = answer.body.find("data: ", at)) != std::string::npos; ++at) {
    const auto event = parse_json(std::string_view(answer.body).substr(at + 6, answer.body.find('\n', at) - at - 6));
    ASSERT_TRUE(event);
    types.emplace_back(event->root().find("type").string_or(""));
    pictures.emplace_back(event->root().find("b64_json").string_or(""));
    EXPECT_EQ(static_cast<bool>(event->root().find("usage")), types.size() == 3);
  }
  EXPECT_EQ(types, (std::vector<std::string>{"image_generation.partial_image", "image_generation.partial_image",
                                             "image_generation.completed"}));
  EXPECT_NE(pictures[0], pictures[1]);
  EXPECT_EQ(pictures[2], desk.post(kPath, body("gpt-image-1")).at("/data/0/b64_json"));
  EXPECT_THAT(answer.body, testing::Not(HasSubstr("[DONE]")));
}

TEST(Images, TakeTheModelThatFitsWhenNoneIsNamed) {
  AppDesk desk;
  EXPECT_NE(desk.post(kPath, R"({"prompt":"x"})").at("/data/0/url"), "missing");
  EXPECT_EQ(desk.post(kPath, R"({"prompt":"x","background":"opaque"})").at("/background"), "opaque");
}

TEST(Images, RefuseWhatTheVendorRefuses) {
  AppDesk desk;
  const auto prompt = [](const char* model, std::size_t size) {
    return R"({"model":")" + std::string(model) + R"(","prompt":")" + std::string(size, 'x') + "\"}";
  };
  expect_refused(desk, kPath,
                 {{"{}", 400, "missing_required_parameter", "prompt"},
                  {R"({"prompt":""})", 400, "empty_string", "prompt"},
                  {R"({"prompt":1})", 400, "invalid_type", "prompt"},
                  {R"({"prompt":"x","more":1})", 400, "unknown_parameter", "more"},
                  {prompt("dall-e-2", 1001), 400, "string_above_max_length", "prompt"},
                  {prompt("dall-e-3", 4001), 400, "string_above_max_length", "prompt"},
                  {prompt("gpt-image-1", 32001), 400, "string_above_max_length", "prompt"},
                  {body("dall-e-2", R"(,"n":11)"), 400, "integer_above_max_value", "n"},
                  {body("dall-e-3", R"(,"n":2)"), 400, "unsupported_value", "n"},
                  {body("dall-e-2", R"(,"size":"1792x1024")"), 400, "unsupported_value", "size"},
                  {body("gpt-image-1", R"(,"size":"256x256")"), 400, "unsupported_value", "size"},
                  {body("gpt-image-1", R"(,"response_format":"url")"), 400, "unsupported_parameter", "response_format"},
                  {body("dall-e-3", R"(,"stream":true)"), 400, "unsupported_value", "stream"},
                  {body("gpt-image-1", R"(,"quality":"hd")"), 400, "unsupported_value", "quality"},
                  {body("gpt-4o"), 404, "null", "model"}});
  AppDesk platform("platform");
  EXPECT_EQ(platform.post("/api/v1/images/generations", body("sd-xl", R"(,"size":"999x999")")).at("/error/code"),
            "invalid_value");
  EXPECT_EQ(platform.post("/api/v1/images/generations", body("sd-xl", R"(,"n":4)")).status, 200);
}

TEST(Images, FindNothingBehindAnotherName) {
  AppDesk desk;
  EXPECT_EQ(desk.get("/images/whatever.png").status, 404);
  EXPECT_EQ(desk.get("/images/00000000000000ff-9999x1.png").status, 404);
}

}  // namespace
}  // namespace mimus::server
