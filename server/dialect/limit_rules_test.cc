#include "server/dialect/limit_rules.h"

#include <gtest/gtest.h>

namespace mimus::server {
namespace {

Result<LimitRules> read(const char* text) {
  const auto json = parse_json(text);
  EXPECT_TRUE(json) << text;
  return read_limit_rules(json->root(), "/limits");
}

TEST(LimitRules, FindTheClassOfAnOperation) {
  const auto rules = read(R"({"classes":{"images":["images.*"],"chat":["chat.completions","models.list"]},
                              "uncounted":["models.*"]})");
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules->class_of("images.generations"), "images");
  EXPECT_EQ(rules->class_of("chat.completions"), "chat");
  EXPECT_EQ(rules->class_of("files.list"), "");
  EXPECT_TRUE(rules->is_counted("chat.completions"));
  EXPECT_FALSE(rules->is_counted("models.list"));
  EXPECT_EQ(rules->class_names(), (std::vector<std::string>{"images", "chat"}));
}

TEST(LimitRules, KnowAPlanWithoutNumbers) {
  const auto rules =
      read(R"({"classes":{"all":["*"]},"plans":{"free":{"all":{"requests":20,"tokens":10000}},"enterprise":{}}})");
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules->plans.at("free").at("all"), (MinuteLimits{20, 10'000}));
  EXPECT_TRUE(rules->plans.at("enterprise").empty());
}

TEST(LimitRules, AreEmptyWhenTheDialectHasNone) {
  const auto rules = read_limit_rules(Json(), "/limits");
  ASSERT_TRUE(rules);
  EXPECT_TRUE(rules->plans.empty() && rules->headers.empty());
}

TEST(LimitRules, NamePlaceExpectationAndFindingOfAMistake) {
  struct Row {
    const char* text;
    const char* place;
    const char* says;
  };
  const Row rows[] = {
      {R"({"tiem":"window"})", "/limits", "tiem"},
      {R"({"time":"sliding"})", "/limits/time", "sliding"},
      {R"({"classes":{"c":["*"]},"plans":{"free":{"c":{"requests":0}}}})", "/limits/plans/free/c/requests", "0"},
      {R"({"classes":{"c":["*"]},"plans":{"free":{"c":{"rpm":3}}}})", "/limits/plans/free/c", "rpm"},
      {R"({"plans":{"free":[]}})", "/limits/plans/free", "expected an object"},
      {R"({"plans":{"free":{"chat":{"requests":3}}}})", "/limits/plans/free/chat", "no operation counts"},
      {R"({"silent_on":[404,7]})", "/limits/silent_on/1", "found 7"},
      {R"({"headers":[{"shows":"limit"}]})", "/limits/headers/0", "name"},
      {R"({"headers":[{"name":"a","shows":"reset"}]})", "/limits/headers/0/as", "go_duration"},
      {R"({"headers":[{"name":"a","shows":"limit","as":"seconds"}]})", "/limits/headers/0/as", "integer"},
  };
  for (const Row& row : rows) {
    const auto rules = read(row.text);
    ASSERT_FALSE(rules) << row.text;
    EXPECT_NE(rules.error().text().find(row.place), std::string::npos) << rules.error().text();
    EXPECT_NE(rules.error().text().find(row.says), std::string::npos) << rules.error().text();
  }
}

}  // namespace
}  // namespace mimus::server
