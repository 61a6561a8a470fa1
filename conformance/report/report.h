// What became of a run, and the texts that tell it: one function a format, all pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/result.h"
#include "conformance/run/baseline.h"
#include "conformance/run/runner.h"
#include "conformance/validate/judge.h"
#include "conformance/validate/transparency.h"

namespace mimus::conformance {

struct Counts {
  int pass = 0, fail = 0, warn = 0, info = 0, skip = 0, inconclusive = 0, error = 0;
  int known = 0;  // of fail and warn: covered by the baseline

  void add(const Outcome& outcome);
  [[nodiscard]] int measured() const { return pass + fail + warn + info; }
};

struct Report {
  const Catalogue* catalogue = nullptr;
  std::string version;  // of mimus
  std::string dialect;
  Facts facts;
  std::vector<Outcome> outcomes;
  std::vector<std::string> notes;
  std::string nothing_measured;
  BaselineUse baseline;
  int requests = 0;
  int tokens = 0;
  std::int64_t took_ms = 0;
  bool strict = false;
  std::optional<Transparency> transparency;  // with an upstream
  int interrupted_by = 0;                    // the signal that ended the run early; 0: none

  [[nodiscard]] Counts counts() const;
  [[nodiscard]] Counts counts_of(std::string_view area) const;
  // 0 no failed must; 1 one, or a warning under strict; 3 nothing measured; 4 a stale baseline entry; 128 and the
  // signal when interrupted, whatever was found: a run that is not whole has no result.
  [[nodiscard]] int exit_code() const;
  // One sentence: what was measured, what was not, how many causes, what it cost.
  [[nodiscard]] std::string closing() const;
};

// Outcomes that need someone's attention: fail, warn and error, gravest first, each area in its order.
std::vector<const Outcome*> needing_attention(const Report& report);

// Whose fault a finding is, for people; empty without an upstream.
std::string blame_text(const Outcome& outcome);

// The title of an outcome's verdict for people: "FAIL", "known FAIL".
std::string verdict_text(const Outcome& outcome);

std::string console_report(const Report& report, bool colour, bool verbose);
std::string json_report(const Report& report);   // version 1, see docs/conformance.md
std::string junit_report(const Report& report);  // one suite an area
std::string markdown_report(const Report& report);
std::string sarif_report(const Report& report);  // SARIF 2.1.0
std::string html_report(const Report& report);   // one file, no network

using ReportWriter = std::string (*)(const Report&);
// The writer of a format that goes to a file: json, junit, markdown, sarif, html. nullptr for other names.
ReportWriter find_report(std::string_view format);

// Text for XML and HTML: & < > " ' escaped, control characters replaced.
std::string escaped_xml(std::string_view text);

}  // namespace mimus::conformance
