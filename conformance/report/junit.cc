// For continuous integration: a suite an area, a case a check. Known failures and all that was not measured are skipped
// cases with their reason; warnings fail only where they count.
#include "conformance/report/report.h"
#include "conformance/report/transparency_text.h"

namespace mimus::conformance {
namespace {

std::string detail(const Outcome& outcome) {
  return escaped_xml(outcome.check->requires_text + "\nexpected: " + outcome.expected + "\nfound: " + outcome.found +
                     "\nsource: " + outcome.check->source + "\nwhy: " + outcome.check->why +
                     (outcome.blame ? "\nwhose: " + blame_text(outcome) : "") + "\n" + outcome.curl);
}

std::string message(const Outcome& outcome) {
  const std::string found = "expected " + outcome.expected + ", found " + outcome.found;
  return escaped_xml(outcome.expected.empty() ? outcome.reason : found);
}

std::string case_of(const Outcome& outcome, bool strict) {
  const std::string head = "    <testcase classname=\"" + escaped_xml(outcome.check->area) + "\" name=\"" +
                           escaped_xml(outcome.check->id) + "\"";
  if (outcome.counts(strict)) {
    return head + ">\n      <failure type=\"" + std::string(name_of(outcome.check->level)) + "\" message=\"" +
           message(outcome) + "\">" + detail(outcome) + "</failure>\n    </testcase>\n";
  }
  switch (outcome.verdict) {
    case Verdict::Pass:
      return head + "/>\n";
    case Verdict::Error:
      return head + ">\n      <error message=\"" + message(outcome) + "\"/>\n    </testcase>\n";
    case Verdict::Warn:
    case Verdict::Info:
      if (!outcome.known) {
        return head + ">\n      <system-out>" + verdict_text(outcome) + ": " + detail(outcome) +
               "</system-out>\n    </testcase>\n";
      }
      [[fallthrough]];
    default:
      return head + ">\n      <skipped message=\"" +
             (outcome.known ? "known: " + escaped_xml(outcome.known_because) : message(outcome)) +
             "\"/>\n    </testcase>\n";
  }
}

// Always passes: what is broken stands in its own case.
std::string upstream_suite(const Report& report) {
  if (!report.transparency) return {};
  return "  <testsuite name=\"upstream\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">\n    <testcase "
         "classname=\"upstream\" name=\"compared\">\n      <system-out>" +
         escaped_xml(transparency_console(report)) + "</system-out>\n    </testcase>\n  </testsuite>\n";
}

std::string suite_of(const Report& report, const Area& area) {
  std::string cases;
  int tests = 0;
  int failures = 0;
  int errors = 0;
  int skipped = 0;
  for (const Outcome& outcome : report.outcomes) {
    if (outcome.check->area != area.name) continue;
    ++tests;
    const std::string text = case_of(outcome, report.strict);
    failures += text.find("<failure ") != std::string::npos ? 1 : 0;
    errors += text.find("<error ") != std::string::npos ? 1 : 0;
    skipped += text.find("<skipped ") != std::string::npos ? 1 : 0;
    cases += text;
  }
  if (tests == 0) return {};
  return "  <testsuite name=\"" + escaped_xml(area.name) + "\" tests=\"" + std::to_string(tests) + "\" failures=\"" +
         std::to_string(failures) + "\" errors=\"" + std::to_string(errors) + "\" skipped=\"" +
         std::to_string(skipped) + "\">\n" + cases + "  </testsuite>\n";
}

}  // namespace

std::string junit_report(const Report& report) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"mimus check " +
                    escaped_xml(report.facts.base_url) + "\">\n";
  if (!report.nothing_measured.empty()) {
    out +=
        "  <testsuite name=\"run\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\">\n    <testcase "
        "classname=\"run\" name=\"measured\">\n      <error message=\"" +
        escaped_xml(report.closing()) + "\"/>\n    </testcase>\n  </testsuite>\n";
  }
  for (const Area& area : report.catalogue->areas) out += suite_of(report, area);
  out += upstream_suite(report);
  return out + "</testsuites>\n";
}

}  // namespace mimus::conformance
