#include "conformance/report/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/client/utf8.h"
#include "conformance/validate/curl.h"

namespace mimus::conformance {
namespace {

constexpr std::string_view kArea =
    R"({ "area": "a", "title": "A", "rank": 1, "probes": [ { "id": "p", "why": "w", "path": "/x" } ],
  "checks": [ { "id": "a.b", "requires": "r & <r>", "source": "s", "why": "w", "probes": "p", "rule": "status" } ] })";

class ReportTest : public testing::Test {
 protected:
  ReportTest() {
    EXPECT_TRUE(add_area(catalogue_, kArea, "a.json"));
    report_.catalogue = &catalogue_;
    report_.version = "0";
    Outcome outcome;
    outcome.check = &catalogue_.checks.front();
    outcome.verdict = Verdict::Fail;
    outcome.expected = "x";
    outcome.found = kHostile;
    outcome.bytes = kHostile;
    outcome.curl = "curl 'x'";
    outcome.place = {"p", "/a", {}};
    report_.outcomes.push_back(outcome);
  }

  static inline const std::string kHostile = "<script>alert(1)</script>\x1b[2J | \"]]> \xFF end";
  Catalogue catalogue_;
  Report report_;
};

TEST_F(ReportTest, IsValidWhateverTheTargetSent) {
  for (const char* format : {"json", "sarif"}) EXPECT_TRUE(parse_json(find_report(format)(report_))) << format;
  for (const char* format : {"json", "sarif", "html", "junit"}) {
    EXPECT_FALSE(find_invalid_utf8(find_report(format)(report_))) << format;
  }
  for (const char* format : {"html", "junit", "markdown"}) {
    EXPECT_EQ(find_report(format)(report_).find("<script>"), std::string::npos) << format;
  }
  EXPECT_EQ(find_report("html")(report_).find('\x1b'), std::string::npos);
  EXPECT_EQ(console_report(report_, false, false).find('\x1b'), std::string::npos);
}

TEST_F(ReportTest, NamesWhatCameAndWhatWasExpected) {
  for (const char* format : {"json", "sarif", "html", "junit", "markdown"}) {
    const std::string text = find_report(format)(report_);
    EXPECT_THAT(text, testing::AllOf(testing::HasSubstr("a.b"), testing::HasSubstr("alert(1)"))) << format;
  }
  EXPECT_THAT(console_report(report_, false, false), testing::HasSubstr("FAIL    a.b"));
}

TEST_F(ReportTest, GivesTheExitCodeOfItsGravestFinding) {
  struct Row {
    Verdict verdict;
    bool known;
    bool strict;
    bool stale;
    const char* nothing;
    int code;
  };
  for (const Row& row : std::vector<Row>{{Verdict::Pass, false, false, false, "", 0},
                                         {Verdict::Fail, false, false, false, "", 1},
                                         {Verdict::Fail, true, false, false, "", 0},
                                         {Verdict::Warn, false, false, false, "", 0},
                                         {Verdict::Warn, false, true, false, "", 1},
                                         {Verdict::Info, false, true, false, "", 0},
                                         {Verdict::Pass, false, false, true, "", 4},
                                         {Verdict::Fail, false, false, true, "", 1},
                                         {Verdict::Fail, false, false, false, "unreachable", 3}}) {
    report_.outcomes.front().verdict = row.verdict;
    report_.outcomes.front().known = row.known;
    report_.strict = row.strict;
    report_.baseline.stale = row.stale ? std::vector<std::string>{"a.b"} : std::vector<std::string>{};
    report_.nothing_measured = row.nothing;
    EXPECT_EQ(report_.exit_code(), row.code) << name_of(row.verdict) << row.known << row.strict << row.stale;
  }
}

TEST_F(ReportTest, ARunThatWasInterruptedHasNoResult) {
  for (const char* nothing : {"", "unreachable"}) {
    report_.interrupted_by = 2;
    report_.nothing_measured = nothing;
    EXPECT_EQ(report_.exit_code(), 130) << nothing;
    EXPECT_THAT(report_.closing(), testing::StartsWith("Interrupted")) << nothing;
  }
}

TEST_F(ReportTest, CountsEachVerdictOnce) {
  Outcome warned = report_.outcomes.front();
  warned.verdict = Verdict::Warn;
  warned.known = true;
  report_.outcomes.push_back(warned);
  const Counts counts = report_.counts();
  EXPECT_EQ(counts.fail, 1);
  EXPECT_EQ(counts.warn, 1);
  EXPECT_EQ(counts.known, 1);
  EXPECT_EQ(counts.pass + counts.info + counts.skip + counts.inconclusive + counts.error, 0);
}

TEST_F(ReportTest, WritesAFileForAnUnreachableTarget) {
  report_.outcomes.clear();
  report_.nothing_measured = "connection refused";
  for (const char* format : {"json", "html", "junit", "markdown"}) {
    EXPECT_THAT(find_report(format)(report_), testing::HasSubstr("connection refused")) << format;
  }
}

TEST(CurlLine, HidesTheKeyAndSurvivesQuotes) {
  Request request{"POST", "/v1/x", {{"authorization", "Bearer REDACTED"}}, "{\"a\":\"it's\"}", false};
  EXPECT_EQ(
      curl_line(request, "http://h/v1"),
      "curl -sSiN -X POST 'http://h/v1/x' -H \"authorization: Bearer $API_KEY\" --data-binary '{\"a\":\"it'\\''s\"}'");
}

}  // namespace
}  // namespace mimus::conformance
