#include <gmock/gmock.h>

#include "server/endpoints/app_desk.h"

namespace mimus::server {
namespace {

constexpr const char* kPath = "/v1/moderations";

TEST(Moderations, JudgeEachStringAndAMessageAsOne) {
  AppDesk desk;
  const Answered one = desk.post(kPath, R"({"input":"I will kill him"})");
  ASSERT_EQ(one.status, 200) << one.body;
  EXPECT_THAT(one.at("/id"), testing::StartsWith("modr-"));
  EXPECT_EQ(one.at("/model"), "omni-moderation-2024-09-26");
  EXPECT_EQ(one.at("/results/0/flagged"), "true");
  EXPECT_EQ(one.at("/results/0/categories/violence"), "true");
  EXPECT_EQ(one.at("/results/0/categories/self-harm~1intent"), "false");
  EXPECT_EQ(one.at("/results/0/category_applied_input_types/hate"), R"(["text"])");
  const Answered two = desk.post(kPath, R"({"input":["quiet","[flag:sexual]"],"model":"omni-moderation-latest"})");
  EXPECT_EQ(two.at("/results/0/flagged"), "false");
  EXPECT_EQ(two.at("/results/1/categories/sexual"), "true");
  const Answered message = desk.post(
      kPath,
      R"({"input":[{"type":"text","text":"look"},{"type":"image_url","image_url":{"url":"http://x/[flag:violence]"}}]})");
  EXPECT_EQ(message.at("/results/0/flagged"), "true");
  EXPECT_EQ(message.at("/results/0/category_applied_input_types/violence"), R"(["text","image"])");
  EXPECT_EQ(message.at("/results/0/category_applied_input_types/hate"), R"(["text"])");
  EXPECT_EQ(message.at("/results/1"), "missing");
}

TEST(Moderations, RefuseWhatTheVendorRefuses) {
  AppDesk desk;
  expect_refused(
      desk, kPath,
      {{"{}", 400, "missing_required_parameter", "input"},
       {R"({"input":1})", 400, "invalid_type", "input"},
       {R"({"input":[]})", 400, "empty_array", "input"},
       {R"({"input":[1]})", 400, "invalid_type", "input[0]"},
       {R"({"input":[{"type":"text"}]})", 400, "missing_required_parameter", "input[0].text"},
       {R"({"input":[{"type":"image_url","image_url":{"url":"a.png"}}]})", 400, "invalid_image_url",
        "input[0].image_url.url"},
       {R"({"input":[{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"data:image/png;base64,#"}}]})",
        400, "invalid_image_url", "input[1].image_url.url"},
       {R"({"input":"x","model":"gpt-4o"})", 404, "null", "model"}});
}

TEST(Health, NeedsNoKeyWhereItIsDocumented) {
  AppDesk choreo("choreo");
  EXPECT_EQ(choreo.get("/health").body, R"({"status":"ok"})");
  AppDesk openai;
  EXPECT_EQ(openai.get("/health").status, 404);
}

}  // namespace
}  // namespace mimus::server
