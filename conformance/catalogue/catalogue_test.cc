#include "conformance/catalogue/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "conformance/validate/rule.h"

namespace mimus::conformance {
namespace {

TEST(Catalogue, NamesOnlyRulesAndArgumentsThatExist) {
  const auto catalogue = load_catalogue();
  ASSERT_TRUE(catalogue) << catalogue.error().text();
  for (const Check& check : catalogue->checks) {
    const Rule* rule = find_rule(check.rule);
    ASSERT_NE(rule, nullptr) << check.id << ": " << check.rule;
    for (const auto [name, value] : check.args.root().members()) {
      EXPECT_NE(std::find(rule->args.begin(), rule->args.end(), name), rule->args.end()) << check.id << ": " << name;
    }
  }
}

TEST(Catalogue, TellsWhoBreaksForEveryMust) {
  const auto catalogue = load_catalogue();
  ASSERT_TRUE(catalogue) << catalogue.error().text();
  for (const Check& check : catalogue->checks) {
    EXPECT_TRUE(check.level != Level::Must || !check.breaks.empty()) << check.id;
    EXPECT_FALSE(check.source.empty() || check.why.empty()) << check.id;
  }
}

constexpr std::string_view kArea = R"({ "area": "a", "title": "A", "rank": 1,
  "probes": [ { "id": "p", "why": "w", "path": "/x" } ],
  "checks": [ { "id": "a.b", "requires": "r", "source": "s", "why": "w", "probes": "p", "rule": "status" },
              { "id": "a.bc", "requires": "r", "source": "s", "why": "w", "probes": "p", "rule": "status" } ] })";

TEST(Catalogue, RefusesWhatDoesNotFit) {
  struct Row {
    const char* from;
    const char* to;
    const char* message;
  };
  const std::vector<Row> rows = {{"a.bc", "a.b", "taken"},
                                 {"\"probes\": \"p\"", "\"probes\": \"q\"", "\"q\""},
                                 {"\"rule\": \"status\"", "\"rulle\": \"status\"", "rule"},
                                 {"\"path\": \"/x\"", "\"path\": \"/{{z#/id}}\"", "\"z\""}};
  for (const Row& row : rows) {
    std::string text(kArea);
    text.replace(text.find(row.from), std::string_view(row.from).size(), row.to);
    Catalogue catalogue;
    auto done = add_area(catalogue, text, "a.json");
    if (done) done = complete(catalogue);
    ASSERT_FALSE(done) << row.to;
    EXPECT_THAT(done.error().text(), testing::HasSubstr(row.message));
  }
}

TEST(Catalogue, SelectsByWholeWords) {
  Catalogue catalogue;
  ASSERT_TRUE(add_area(catalogue, kArea, "a.json"));
  ASSERT_TRUE(complete(catalogue));
  const auto one = select_checks(catalogue, {{"a.b"}, {}});
  ASSERT_TRUE(one);
  EXPECT_EQ(one->size(), 1U);
  EXPECT_EQ(select_checks(catalogue, {{}, {"a.b"}})->front()->id, "a.bc");
  const auto none = select_checks(catalogue, {{"a.bcd"}, {}});
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().text(), testing::HasSubstr("a.bc"));
  EXPECT_FALSE(select_checks(catalogue, {{"a"}, {"a"}}));
}

}  // namespace
}  // namespace mimus::conformance
