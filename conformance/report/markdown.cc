// For pull requests and job summaries.
#include <algorithm>

#include "conformance/report/report.h"
#include "conformance/report/transparency_text.h"

namespace mimus::conformance {
namespace {

// One line, and nothing that ends a table cell or begins markup of its own.
std::string cell(std::string text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n' || c == '\r') {
      out += ' ';
    } else if (std::string_view("|<>`*_[]\\").find(c) != std::string_view::npos) {
      out += '\\';
      out += c;
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string markdown_report(const Report& report) {
  std::string out = "## mimus check\n\n" + cell(report.facts.base_url) + ", model " + cell(report.facts.model) +
                    ", dialect " + cell(report.dialect) + "\n\n" + cell(report.closing()) + "\n\n";
  const auto found = needing_attention(report);
  if (!found.empty()) out += "| verdict | check | expected | found | breaks |\n|---|---|---|---|---|\n";
  for (const Outcome* outcome : found) {
    const auto& breaks = outcome->check->breaks;
    out += "| " + verdict_text(*outcome) + " | " + cell(outcome->check->id) + " | " + cell(outcome->expected) + " | " +
           cell(outcome->found.empty() ? outcome->reason : outcome->found) + " | " +
           cell(breaks.empty() ? "" : breaks.front()) + " |\n";
  }
  out += "\n| area | pass | fail | warn | info | skip | inconclusive | error |\n|---|---|---|---|---|---|---|---|\n";
  for (const Area& area : report.catalogue->areas) {
    const Counts c = report.counts_of(area.name);
    if (c.measured() + c.skip + c.inconclusive + c.error == 0) continue;
    out += "| " + cell(area.title);
    for (const int n : {c.pass, c.fail, c.warn, c.info, c.skip, c.inconclusive, c.error})
      out += " | " + std::to_string(n);
    out += " |\n";
  }
  return out + transparency_markdown(report);
}

}  // namespace mimus::conformance
