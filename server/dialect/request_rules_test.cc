#include "server/dialect/request_rules.h"

#include <gtest/gtest.h>

#include "server/dialect/rule_texts.h"

namespace mimus::server {
namespace {

// What the rules in `shapes` say about `body`: "situation: param ...", or "fine".
std::string verdict(std::string_view rule, std::string_view body, std::string_view shapes = "{}",
                    UnknownMembers unknown = UnknownMembers::AsRuled) {
  const auto shape_json = parse_json(shapes);
  const auto rule_json = parse_json(rule);
  const auto body_json = parse_json(body);
  RuleReader reader(shape_json->root(), "/shapes", unknown);
  const auto rules = reader.read(rule_json->root(), "/body");
  if (!rules) return rules.error().text();
  if (const auto done = reader.finish(); !done) return done.error().text();
  const auto refusal = rules->check(body_json->root());
  if (!refusal) return "fine";
  std::string text = refusal->situation + ":";
  for (const auto& [name, value] : refusal->args) text += " " + std::string(name) + "=" + value;
  return text;
}

struct Row {
  std::string_view rule;
  std::string_view body;
  std::string_view verdict;
};

TEST(RequestRules, JudgeEachKind) {
  const Row rows[] = {
      {R"("string")", R"("")", "fine"},
      {R"("string")", "null", "invalid_type: expected=a string found=null param="},
      {R"("string|null")", "null", "fine"},
      {R"("integer")", "1.0", "invalid_type: expected=an integer found=a decimal number param="},
      {R"("number")", "1", "fine"},
      {R"("boolean")", "0", "invalid_type: expected=a boolean found=an integer param="},
      {R"("string|number|boolean")", "[]",
       "invalid_type: expected=one of a string, decimal, or boolean found=an array param="},
      {R"({"type":"array","items":"integer"})", R"([1,"2"])",
       "invalid_type: expected=an integer found=a string param=[1]"},
      {R"({"type":"string|array","items":{"type":"array","items":"integer"}})", "1",
       "invalid_type: expected=one of a string or array of arrays found=an integer param="},
      {R"({"type":"string","min_length":3})", R"("äö")", "string_below_min_length: limit=3 found=2 param="},
      {R"({"type":"string","max_length":2})", R"("äö")", "fine"},
      {R"({"type":"array","min_items":2})", "[1]", "array_below_min_length: limit=2 found=1 param="},
      {R"({"type":"string","pattern":"^[a-c_-]+$"})", R"("a-c_b")", "fine"},
      {R"({"type":"string","pattern":"^[a-c_-]+$"})", R"("d")",
       "string_does_not_match_pattern: pattern=^[a-c_-]+$ param="},
      {R"({"type":"string","pattern":"^[^\\s\\\\]+$"})", R"("ä.")", "fine"},
      {R"({"type":"string","pattern":"^[^\\s\\\\]+$"})", R"("\\")",
       "string_does_not_match_pattern: pattern=^[^\\s\\\\]+$ param="},
      {R"({"type":"object"})", R"({"anything":1})", "fine"},
      {R"({"type":"object","members":{}})", R"({"a":1})", "unknown_parameter: param=a"},
      {R"({"type":"object","members":{},"unknown":"ignore"})", R"({"a":1})", "fine"},
      {R"({"type":"object","members":{},"unknown":"refuse_together"})", R"({"a":1,"b":2})",
       "unrecognized_arguments: names=a, b param="},
      {R"({"type":"object","members":{"a":"integer","b":"integer"}})", R"({"b":"x","a":"y"})",
       "invalid_type: expected=an integer found=a string param=a"},
      {R"({"type":"object","members":{"a":"integer"}})", R"({"a":1,"a":"y"})",
       "invalid_type: expected=an integer found=a string param=a"},
  };
  for (const Row& row : rows) EXPECT_EQ(verdict(row.rule, row.body), row.verdict) << row.rule << " of " << row.body;
}

// In the vendor's order, deeper faults of an earlier member come before shallow ones of a later.
TEST(RequestRules, ReportTheMemberThatStandsFirstInTheRules) {
  constexpr std::string_view kRule = R"({"type":"object","members":{
    "first":{"type":"object","members":{"x":{"type":"object","members":{"y":"integer"}}}},"second":"integer"}})";
  EXPECT_EQ(verdict(kRule, R"({"second":"s","first":{"x":{"y":"s"}}})"),
            "invalid_type: expected=an integer found=a string param=first.x.y");
  EXPECT_EQ(verdict(kRule, R"({"second":"s","first":{"x":{"y":1}}})"),
            "invalid_type: expected=an integer found=a string param=second");
}

TEST(RequestRules, ReportAnUnknownMemberBeforeAllOthers) {
  constexpr std::string_view kRule = R"({"type":"object","members":{
    "a":"integer","b":{"type":"object","members":{}}}})";
  EXPECT_EQ(verdict(kRule, R"({"a":"s","b":{"x":1},"y":1,"z":1})"), "unknown_parameter: param=y");
  EXPECT_EQ(verdict(kRule, R"({"a":1,"b":{"x":1}})"), "unknown_parameter: param=b.x");
}

TEST(RequestRules, IgnoreUnknownMembersWhereTheDialectDoes) {
  constexpr std::string_view kRule = R"({"type":"object","members":{"a":{"type":"object","members":{}}}})";
  EXPECT_EQ(verdict(kRule, R"({"a":{"b":1},"c":2})", "{}", UnknownMembers::Ignore), "fine");
}

TEST(RequestRules, FollowShapesThatReferToThemselves) {
  constexpr std::string_view kShapes =
      R"({"filter":{"type":"object","required":["of"],"members":{"of":{"type":"array","items":"#filter"}}}})";
  EXPECT_EQ(verdict(R"("#filter")", R"({"of":[{"of":[]},{"of":[{"of":[]}]}]})", kShapes), "fine");
  EXPECT_EQ(verdict(R"("#filter")", R"({"of":[{"of":[]},{"of":[{}]}]})", kShapes),
            "missing_required_parameter: param=of[1].of[0].of");
}

TEST(RequestRules, CutWhatTheyEcho) {
  std::string body(100'000, 'x');
  body = "{\"" + body + "\":1}";
  EXPECT_LT(verdict(R"({"type":"object","members":{}})", body).size(), 1100U);
}

TEST(RuleTexts, CutOnlyBetweenCharacters) {
  std::string text = "x";
  for (int i = 0; i < 1000; ++i) text += "\xc3\xa4";
  EXPECT_EQ(echo(text).substr(990), std::string("\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4").substr(0, 9) + "...");
}

}  // namespace
}  // namespace mimus::server
