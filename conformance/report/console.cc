// For people at a terminal: what needs attention, one line each with its expectation below, then areas, then a
// sentence.
#include <algorithm>

#include "conformance/report/report.h"
#include "conformance/report/transparency_text.h"

namespace mimus::conformance {
namespace {

struct Paint {
  bool colour;
  std::string operator()(const char* code, const std::string& text) const {
    return colour ? "\x1b[" + std::string(code) + "m" + text + "\x1b[0m" : text;
  }
};

// Nothing that came from the target may steer the terminal.
std::string printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  return text;
}

const char* colour_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::Fail:
    case Verdict::Error:
      return "31";
    case Verdict::Warn:
      return "33";
    case Verdict::Pass:
      return "32";
    default:
      return "36";
  }
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string line_of(const Outcome& outcome, const Paint& paint) {
  std::string out = paint(colour_of(outcome.verdict), padded(verdict_text(outcome), 6)) + "  " + outcome.check->id;
  if (!outcome.place.probe.empty()) out += paint("2", "  [" + outcome.place.probe + " " + outcome.place.at + "]");
  out += "\n        " + outcome.check->requires_text + "\n";
  if (!outcome.expected.empty())
    out += "        expected " + printable(outcome.expected) + "; found " + printable(outcome.found) + "\n";
  if (!outcome.reason.empty()) out += "        " + printable(outcome.reason) + "\n";
  if (outcome.blame) out += "        " + blame_text(outcome) + "\n";
  if (!outcome.check->breaks.empty()) out += "        breaks " + outcome.check->breaks.front() + "\n";
  if (outcome.known) out += "        known: " + outcome.known_because + "\n";
  return out;
}

std::string reasons(const Report& report, Verdict verdict) {
  std::vector<std::pair<std::string, int>> counted;
  for (const Outcome& outcome : report.outcomes) {
    if (outcome.verdict != verdict) continue;
    const std::string reason = outcome.reason.empty() ? outcome.found : outcome.reason;
    const auto found = std::find_if(counted.begin(), counted.end(), [&](const auto& c) { return c.first == reason; });
    if (found == counted.end()) {
      counted.emplace_back(reason, 1);
    } else {
      ++found->second;
    }
  }
  std::string out;
  for (const auto& [reason, count] : counted) {
    out += padded(std::string(name_of(verdict)), 13) + std::to_string(count) + " x " + printable(reason) + "\n";
  }
  return out;
}

std::string area_table(const Report& report) {
  std::string out = "\n" + padded("area", 34) + "pass  fail  warn  info  skip  inconclusive  error\n";
  for (const Area& area : report.catalogue->areas) {
    const Counts c = report.counts_of(area.name);
    if (c.pass + c.fail + c.warn + c.info + c.skip + c.inconclusive + c.error == 0) continue;
    out += padded(area.title, 34);
    for (const int n : {c.pass, c.fail, c.warn, c.info, c.skip}) out += padded(n == 0 ? "." : std::to_string(n), 6);
    out += padded(c.inconclusive == 0 ? "." : std::to_string(c.inconclusive), 14) +
           (c.error == 0 ? "." : std::to_string(c.error)) + "\n";
  }
  return out;
}

}  // namespace

std::string console_report(const Report& report, bool colour, bool verbose) {
  const Paint paint{colour};
  std::string out = paint("1", "mimus check") + "  " + report.facts.base_url + "  model " +
                    (report.facts.model.empty() ? "(none)" : printable(report.facts.model)) + "  dialect " +
                    report.dialect + "\n\n";
  for (const Outcome* outcome : needing_attention(report)) {
    out += line_of(*outcome, paint);
  }
  for (const Outcome& outcome : report.outcomes) {
    if (verbose && (outcome.verdict == Verdict::Info || outcome.verdict == Verdict::Pass))
      out += line_of(outcome, paint);
  }
  for (const std::string& note : report.notes) out += "note  " + printable(note) + "\n";
  for (const std::string& id : report.baseline.stale)
    out += "stale  " + id + " passes now: take it out of the baseline\n";
  for (const std::string& id : report.baseline.expired) out += "expired  " + id + ": its baseline entry is over\n";
  out += reasons(report, Verdict::Inconclusive) + reasons(report, Verdict::Skip);
  return out + transparency_console(report) + area_table(report) + "\n" + paint("1", report.closing()) + "\n";
}

}  // namespace mimus::conformance
