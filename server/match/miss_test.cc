#include "server/match/miss.h"

#include <gtest/gtest.h>

#include "api/object_reader.h"
#include "server/match/choose.h"
#include "server/match/fixture_store.h"

namespace mimus::server {
namespace {

class MissTest : public testing::Test {
 protected:
  MissTest() {
    const auto added = store_.add(R"({"mimus":1,"fixtures":[
      {"name":"far","when":{"endpoint":"embeddings","last_user":"x"},"reply":{}},
      {"name":"near","when":{"last_user":{"contains":"weather"},"turn":2,"model":"gpt-4*","header":{"authorization":"k"}},"reply":{}},
      {"name":"spent","times":1,"when":{"last_user":{"contains":"weather"},"state":"order=paid"},"reply":{}}]})");
    EXPECT_TRUE(added);
  }
  Miss miss(bool show_prompts) { return explain_miss(*store_.snapshot(), question_, states_, "t", show_prompts, 2); }

  JsonDocument body_ = std::move(*parse_file_text(
      R"({"model":"gpt-4o","messages":[{"role":"user","content":"weather in my secret town"}],
          "tools":[{"type":"function","function":{"name":"get_weather"}}]})",
      ""));
  std::vector<HeaderView> headers_ = {{"Authorization", "Bearer sk-secret"}};
  Question question_ = question_of("chat.completions", "", false, body_.root(), headers_);
  FixtureStore store_{Vocabulary{}};
  TestStates states_;
};

TEST_F(MissTest, TellsEachConditionOfTheNearest) {
  EXPECT_EQ(text_of(miss(false), question_),
            "no fixture matches chat.completions (3 loaded); the nearest:\n"
            "  \"spent\"\n"
            "    met      last_user: expected contains \"weather\", found a text of 25 bytes\n"
            "    not met  state order: expected \"paid\", found never set\n"
            "    met      uses in this test before: expected fewer than 1, found 0\n"
            "  \"near\"\n"
            "    met      model: expected glob \"gpt-4*\", found \"gpt-4o\"\n"
            "    met      last_user: expected contains \"weather\", found a text of 25 bytes\n"
            "    not met  turn: expected 2, found 1\n"
            "    not met  header authorization: expected \"k\", found a value that is not shown\n"
            "a fixture that would match, to be completed:\n"
            "  {\"when\":{\"endpoint\":\"chat.completions\",\"model\":\"gpt-4o\",\"turn\":1,\"has_tool_result\":false},"
            "\"reply\":{\"tool_calls\":[{\"name\":\"get_weather\",\"arguments\":{}}]}}\n");
}

TEST_F(MissTest, ShowsPromptsOnlyWhenTold) {
  EXPECT_EQ(json_of(miss(false)).find("secret"), std::string::npos);
  const std::string shown = json_of(miss(true));
  EXPECT_NE(shown.find("my secret town"), std::string::npos);
  EXPECT_EQ(shown.find("sk-secret"), std::string::npos);
}

TEST_F(MissTest, IsValidJsonWithADraftThatMatches) {
  for (const bool show : {false, true}) {
    const auto parsed = parse_json(json_of(miss(show)));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->root().find_pointer("/nearest/0/conditions/1/met").bool_or(true), false);
    FixtureStore fresh{Vocabulary{}};
    ASSERT_TRUE(fresh.add(to_text(parsed->root().find("draft"))));
    EXPECT_TRUE(choose(*fresh.snapshot(), question_, states_, "t"));
  }
}

}  // namespace
}  // namespace mimus::server
