#include "conformance/run/plan.h"

#include <gtest/gtest.h>

namespace mimus::conformance {
namespace {

struct Row {
  std::size_t requests;
  std::string time;
};

class PlanText : public testing::TestWithParam<Row> {};

TEST_P(PlanText, SaysHowLongSlowTargetsTake) {
  const std::vector<Probe> probes(GetParam().requests);
  Plan plan;
  for (const Probe& probe : probes) plan.probes.push_back(&probe);
  const std::string text = plan_text(plan, "http://127.0.0.1/v1");
  EXPECT_NE(text.find("at most " + GetParam().time + " where each reply takes 2 s"), std::string::npos) << text;
}

INSTANTIATE_TEST_SUITE_P(Requests, PlanText,
                         testing::Values(Row{1, "1 min"}, Row{25, "1 min"}, Row{26, "2 min"}, Row{143, "5 min"}));

TEST(Plan, CountsTheRequestThatGoesBeforeOnTheSameConnection) {
  Probe probe;
  probe.lead = "chat";
  Plan plan;
  plan.probes = {&probe, &probe};
  EXPECT_EQ(plan.requests(), 4);
}

}  // namespace
}  // namespace mimus::conformance
