#include "server/match/template.h"

#include <gtest/gtest.h>

#include "api/object_reader.h"

namespace mimus::server {
namespace {

class TemplateTest : public testing::Test {
 protected:
  std::string render(const std::string& text) {
    auto parsed = Template::parse(text);
    EXPECT_TRUE(parsed) << text;
    return parsed ? parsed->render(context_) : "";
  }
  std::string render_json(const std::string& json) {
    const auto document = parse_json(json);
    auto parsed = Template::parse_json(document->root());
    EXPECT_TRUE(parsed) << json;
    return parsed ? parsed->render(context_) : "";
  }

  JsonDocument body_ = std::move(*parse_file_text(
      R"({"model":"m","n":2,"messages":[{"role":"system","content":"sys"},{"role":"user","content":"say \"hi\"\n{{nth}}"}],
          "o":{"a":[1,null]}})",
      "test"));
  std::vector<HeaderView> headers_ = {{"X-Case", "c7"}};
  Question question_ = question_of("chat.completions", "", false, body_.root(), headers_);
  States states_ = {{"order", "paid"}};
  TemplateContext context_{question_, states_, "t1", 3, WallTime(std::chrono::seconds(1'700'000'000))};
};

TEST_F(TemplateTest, FillsInEachVariable) {
  EXPECT_EQ(render("a {{last_user}} b"), "a say \"hi\"\n{{nth}} b");
  EXPECT_EQ(render("{{system}}|{{model}}|{{tool_result}}|"), "sys|m||");
  EXPECT_EQ(render("{{json:/messages/0/content}} {{json:/n}} {{json:/o}} {{json:/none}}."), "sys 2 {\"a\":[1,null]} .");
  EXPECT_EQ(render("{{header:x-case}}{{header:x-none}}"), "c7");
  EXPECT_EQ(render("{{state:order}}{{state:none}} {{test}} {{nth}}"), "paid t1 3");
  EXPECT_EQ(render("{{now}} {{now_iso}}"), "1700000000 2023-11-14T22:13:20Z");
}

TEST_F(TemplateTest, KeepsLiteralBraces) {
  EXPECT_EQ(render(R"(a \{{nth}} } }} {)"), "a {{nth}} } }} {");
  for (const std::string text : {"{{", "a{{b}}c", R"(\{{)", "{{{", R"(\\{{{{)", "}}"}) {
    EXPECT_EQ(render(escape_template(text)), text);
  }
}

TEST_F(TemplateTest, EscapesWhatItPutsIntoJson) {
  EXPECT_EQ(render_json(R"({"q":"<{{last_user}}>","k":["{{nth}}",1,{}],"e":[]})"),
            R"({"q":"<say \"hi\"\n{{nth}}>","k":["3",1,{}],"e":[]})");
}

TEST_F(TemplateTest, PutsAWholeValueWhereNothingElseStands) {
  EXPECT_EQ(render_json(R"({"n":"{{json:/n}}","o":"{{json:/o}}","x":"{{json:/none}}","s":"n={{json:/n}}"})"),
            R"({"n":2,"o":{"a":[1,null]},"x":null,"s":"n=2"})");
}

TEST_F(TemplateTest, RefusesWhatItDoesNotKnow) {
  const std::pair<const char*, const char*> rows[] = {
      {"{{lastuser}}",
       "unknown variable {{lastuser}}, did you mean {{last_user}}? (two literal braces are written \\{{)"},
      {"{{ }}", "unknown variable {{ }} (two literal braces are written \\{{)"},
      {"a {{nth", "\"{{\" is never closed (two literal braces are written \\{{)"},
      {"{{nth:2}}", "{{nth:2}}: \"nth\" takes nothing behind a colon"},
      {"{{header}}", "{{header}}: \"header\" needs something behind a colon"},
      {"{{json:n}}", "{{json:n}}: not a JSON pointer, it would begin with \"/\""},
      {"{{header:Authorization}}",
       "{{header:Authorization}}: this header carries a credential, which no reply may show"},
  };
  for (const auto& [text, error] : rows) {
    const auto parsed = Template::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().message, error);
  }
}

}  // namespace
}  // namespace mimus::server
