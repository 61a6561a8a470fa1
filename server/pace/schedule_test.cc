#include "server/pace/schedule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace mimus::server {
namespace {

using std::chrono::milliseconds;

std::vector<double> intervals(const Pace& pace, std::uint64_t seed, int count) {
  Schedule schedule(pace, seed);
  std::vector<double> result;
  Duration last = schedule.due(0);
  for (int token = 1; token <= count; ++token) {
    const Duration at = schedule.due(token);
    result.push_back(static_cast<double>((at - last).count()));
    last = at;
  }
  return result;
}

TEST(Schedule, CountsFromTheFirstToken) {
  const Pace pace{.ttft = milliseconds(200), .token = milliseconds(20)};
  Schedule schedule(pace, 1);
  EXPECT_EQ(schedule.due(0), milliseconds(200));
  EXPECT_EQ(schedule.due(3), milliseconds(260));
  EXPECT_EQ(schedule.due(1), milliseconds(260)) << "time does not run backwards";
  EXPECT_EQ(whole_due(pace, 1, 10), milliseconds(400));
}

TEST(Schedule, HasTheMeanAndSpreadThatWereAskedFor) {
  const struct {
    const char* jitter;
    double spread;  // standard deviation over mean
  } rows[] = {{"lognormal:0.3", 0.3},
              {"lognormal:1", 1.0},
              {"uniform:0.6", 0.6 / std::sqrt(3.0)},
              {"uniform:0", 0},
              {"lognormal:0", 0}};
  for (const auto& row : rows) {
    const Pace pace{.token = milliseconds(20), .jitter = *read_jitter(row.jitter)};
    const std::vector<double> times = intervals(pace, 5, 40'000);
    double sum = 0;
    double squares = 0;
    for (const double t : times) sum += t;
    const double mean = sum / static_cast<double>(times.size());
    for (const double t : times) squares += (t - mean) * (t - mean);
    EXPECT_NEAR(mean, 20'000, 300) << row.jitter;
    EXPECT_NEAR(std::sqrt(squares / static_cast<double>(times.size())) / mean, row.spread, 0.06 * row.spread + 0.001)
        << row.jitter;
  }
}

TEST(Schedule, IsTheSameOnEveryPlatform) {
  const Pace pace{.ttft = milliseconds(1), .token = milliseconds(10), .jitter = *read_jitter("lognormal:0.5")};
  Schedule schedule(pace, 42);
  EXPECT_EQ(schedule.due(1).count(), 6862);
  EXPECT_EQ(schedule.due(100).count(), 959080);
  EXPECT_EQ(whole_due({.token = milliseconds(10), .jitter = *read_jitter("uniform:1")}, 42, 100).count(), 991127);
}

TEST(Schedule, DoesNotOverflowAtItsLimits) {
  const Pace pace{.ttft = kLongestDuration, .token = kLongestDuration, .jitter = *read_jitter("lognormal:3")};
  Schedule schedule(pace, 9);
  Duration last{0};
  for (int token = 0; token < 10'000; ++token) {
    const Duration at = schedule.due(token);
    ASSERT_GE(at, last);
    last = at;
  }
}

TEST(Pace, ReadsDurations) {
  const struct {
    const char* text;
    std::int64_t microseconds;  // -1: refused
  } rows[] = {
      {"200ms", 200'000}, {"1.5s", 1'500'000}, {"80us", 80},  {"0", 0},    {"0.25ms", 250}, {"3600s", 3'600'000'000},
      {"3601s", -1},      {"200", -1},         {"ms", -1},    {"-1s", -1}, {"1e3ms", -1},   {"1.s", -1},
      {"", -1},           {"1 s", -1},         {"1.-5s", -1}, {"+1s", -1}, {"1h", -1},      {"9999999999999s", -1}};
  for (const auto& row : rows) {
    const auto duration = read_duration(row.text);
    EXPECT_EQ(duration ? duration->count() : -1, row.microseconds) << row.text;
  }
  EXPECT_EQ(read_duration("5min").error().text(),
            "expected a duration such as 200ms, 1.5s or 80us, at most an hour, found \"5min\"");
}

TEST(Pace, ReadsJitter) {
  EXPECT_EQ(*read_jitter("lognormal:0.3"), (Jitter{Jitter::Kind::LogNormal, 300'000}));
  EXPECT_EQ(*read_jitter("uniform:1"), (Jitter{Jitter::Kind::Uniform, 1'000'000}));
  EXPECT_EQ(*read_jitter("none"), Jitter{});
  EXPECT_EQ(read_jitter("gauss:1").error().text(), "expected lognormal:CV, uniform:F or none, found \"gauss:1\"");
  EXPECT_EQ(read_jitter("uniform:1.1").error().text(), "expected uniform:N with N from 0 to 1, found \"uniform:1.1\"");
  EXPECT_EQ(read_jitter("lognormal").error().text(), "expected lognormal:N with N from 0 to 3, found \"lognormal\"");
}

}  // namespace
}  // namespace mimus::server
