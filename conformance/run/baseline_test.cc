#include "conformance/run/baseline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mimus::conformance {
namespace {

constexpr std::string_view kArea =
    R"({ "area": "a", "title": "A", "rank": 1, "probes": [ { "id": "p", "why": "w", "path": "/x" } ],
  "checks": [ { "id": "a.b", "requires": "r", "source": "s", "why": "w", "probes": "p", "rule": "status" } ] })";

struct Row {
  const char* name;
  Verdict verdict;
  const char* until;
  bool known;
  std::size_t stale;
  std::size_t expired;
};

class BaselineRow : public testing::TestWithParam<Row> {};

TEST_P(BaselineRow, CoversWhatItNamesUntilItsEnd) {
  const Row& row = GetParam();
  Catalogue catalogue;
  ASSERT_TRUE(add_area(catalogue, kArea, "a.json"));
  const std::string text = R"({ "mimus_baseline": 1, "known": [ { "check": "a.b", "reason": "later", "until": ")" +
                           std::string(row.until) + "\" } ] }";
  const auto baseline = read_baseline(text, "b.json", catalogue);
  ASSERT_TRUE(baseline) << baseline.error().text();
  std::vector<Outcome> outcomes(1);
  outcomes[0].check = catalogue.find_check("a.b");
  outcomes[0].verdict = row.verdict;
  const BaselineUse use = apply_baseline(*baseline, "2026-11-21", outcomes);
  EXPECT_EQ(outcomes[0].known, row.known);
  EXPECT_EQ(use.stale.size(), row.stale);
  EXPECT_EQ(use.expired.size(), row.expired);
  EXPECT_EQ(outcomes[0].counts(false), row.verdict == Verdict::Fail && !row.known);
}

INSTANTIATE_TEST_SUITE_P(Table, BaselineRow,
                         testing::Values(Row{"Known", Verdict::Fail, "2026-11-21", true, 0, 0},
                                         Row{"Warned", Verdict::Warn, "2027-01-01", true, 0, 0},
                                         Row{"Over", Verdict::Fail, "2026-11-20", false, 0, 1},
                                         Row{"Stale", Verdict::Pass, "2027-01-01", false, 1, 0},
                                         Row{"Skipped", Verdict::Skip, "2027-01-01", false, 0, 0}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Baseline, RefusesTyposAndUnknownChecks) {
  Catalogue catalogue;
  ASSERT_TRUE(add_area(catalogue, kArea, "a.json"));
  for (const char* text :
       {R"({ "mimus_baseline": 1, "known": [ { "check": "a.c", "reason": "r" } ] })",
        R"({ "mimus_baseline": 1, "known": [ { "check": "a.b" } ] })",
        R"({ "mimus_baseline": 1, "known": [ { "check": "a.b", "reason": "r", "until": "soon" } ] })",
        R"({ "mimus_baseline": 2, "known": [] })"}) {
    const auto baseline = read_baseline(text, "b.json", catalogue);
    ASSERT_FALSE(baseline) << text;
    EXPECT_THAT(baseline.error().text(), testing::HasSubstr("b.json"));
  }
}

TEST(Baseline, TellsTheDateOfAMoment) {
  EXPECT_EQ(date_of(1'790'000'000), "2026-09-21");
}

}  // namespace
}  // namespace mimus::conformance
