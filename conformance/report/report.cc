#include "conformance/report/report.h"

#include <algorithm>
#include <array>

#include "conformance/client/utf8.h"

namespace mimus::conformance {
namespace {

struct Format {
  std::string_view name;
  ReportWriter write;
};
constexpr std::array<Format, 5> kFormats = {{{"json", &json_report},
                                             {"junit", &junit_report},
                                             {"markdown", &markdown_report},
                                             {"sarif", &sarif_report},
                                             {"html", &html_report}}};

std::string counted(int count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

int gravity(const Outcome& outcome) {
  const int base = outcome.verdict == Verdict::Fail ? 0 : outcome.verdict == Verdict::Error ? 2 : 4;
  return base + (outcome.known ? 1 : 0);
}

}  // namespace

void Counts::add(const Outcome& outcome) {
  known += outcome.known ? 1 : 0;
  switch (outcome.verdict) {
    case Verdict::Pass:
      ++pass;
      return;
    case Verdict::Fail:
      ++fail;
      return;
    case Verdict::Warn:
      ++warn;
      return;
    case Verdict::Info:
      ++info;
      return;
    case Verdict::Skip:
      ++skip;
      return;
    case Verdict::Inconclusive:
      ++inconclusive;
      return;
    case Verdict::Error:
      ++error;
      return;
  }
}

Counts Report::counts() const {
  Counts counts;
  for (const Outcome& outcome : outcomes) counts.add(outcome);
  return counts;
}

Counts Report::counts_of(std::string_view area) const {
  Counts counts;
  for (const Outcome& outcome : outcomes) {
    if (outcome.check->area == area) counts.add(outcome);
  }
  return counts;
}

int Report::exit_code() const {
  if (interrupted_by != 0) return 128 + interrupted_by;
  if (!nothing_measured.empty()) return 3;
  const bool any = std::any_of(outcomes.begin(), outcomes.end(), [&](const Outcome& o) { return o.counts(strict); });
  if (any) return 1;
  return baseline.stale.empty() ? 0 : 4;
}

std::string Report::closing() const {
  if (interrupted_by != 0 && counts().measured() == 0) return "Interrupted before anything was measured.";
  if (interrupted_by == 0 && !nothing_measured.empty()) return "Nothing was measured: " + nothing_measured;
  const Counts c = counts();
  std::string text = interrupted_by != 0 ? "Interrupted: " : "";
  text += counted(c.measured(), "check was", "checks were") + " measured and " +
          std::to_string(c.skip + c.inconclusive + c.error) + " not (" + std::to_string(c.skip) + " skipped, " +
          std::to_string(c.inconclusive) + " inconclusive, " + counted(c.error, "error", "errors") +
          "): " + counted(c.fail, "requirement is", "requirements are") + " broken and " +
          counted(c.warn, "recommendation", "recommendations");
  if (c.known > 0) text += ", " + std::to_string(c.known) + " of them known";
  return text + "; it took " + counted(requests, "request", "requests") + ", about " + std::to_string(tokens) +
         " tokens and " + std::to_string(took_ms) + " ms of waiting.";
}

std::vector<const Outcome*> needing_attention(const Report& report) {
  std::vector<const Outcome*> found;
  for (const Outcome& outcome : report.outcomes) {
    const Verdict v = outcome.verdict;
    if (v == Verdict::Fail || v == Verdict::Warn || v == Verdict::Error) found.push_back(&outcome);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Outcome* a, const Outcome* b) { return gravity(*a) < gravity(*b); });
  return found;
}

std::string blame_text(const Outcome& outcome) {
  return outcome.blame ? std::string(text_of(*outcome.blame)) : "";
}

std::string verdict_text(const Outcome& outcome) {
  std::string text(name_of(outcome.verdict));
  for (char& c : text) c = static_cast<char>(c - 'a' + 'A');
  return outcome.known ? "known " + text : text;
}

ReportWriter find_report(std::string_view format) {
  for (const Format& known : kFormats) {
    if (known.name == format) return known.write;
  }
  return nullptr;
}

std::string escaped_xml(std::string_view text) {
  std::string out;
  const auto invalid = find_invalid_utf8(text);
  for (const char c : text.substr(0, invalid ? *invalid : text.size())) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? ' ' : c;
    }
  }
  return invalid ? out + " (bytes that are not text follow)" : out;
}

}  // namespace mimus::conformance
