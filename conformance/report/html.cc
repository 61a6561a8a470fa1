// One page for maintainers: the verdict, what was found, areas as a grid, each finding with expectation, what came, the
// bytes, a curl line, the source and who breaks. No script but the browser's own <details>, no network, light and dark,
// phone to desktop. A link to a finding unfolds it: its id is inside the fold (WHATWG HTML 4.11.1, "ancestor
// revealing").
#include <algorithm>
#include <array>

#include "conformance/report/html_style.h"
#include "conformance/report/report.h"
#include "conformance/report/transparency_text.h"

namespace mimus::conformance {
namespace {

struct Share {
  const char* name;
  int count;
};
std::array<Share, 7> shares_of(const Counts& c) {
  return {{{"fail", c.fail},
           {"error", c.error},
           {"warn", c.warn},
           {"info", c.info},
           {"pass", c.pass},
           {"inconclusive", c.inconclusive},
           {"skip", c.skip}}};
}

int sum_of(const Counts& c) {
  return c.measured() + c.skip + c.inconclusive + c.error;
}

std::string row(const char* term, const std::string& text) {
  return text.empty() ? "" : std::string("<dt>") + term + "</dt><dd>" + escaped_xml(text) + "</dd>";
}

std::string code_row(const char* term, const char* kind, const std::string& text) {
  if (text.empty()) return {};
  return std::string("<dt>") + term + "</dt><dd><pre class=\"" + kind + "\">" + escaped_xml(text) + "</pre></dd>";
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : "; ") + part;
  return text;
}

std::string bar(const Counts& c, const char* kind) {
  std::string out = std::string("<div class=\"bar ") + kind + "\">";
  for (const Share& share : shares_of(c)) {
    if (share.count > 0)
      out += std::string("<i class=\"") + share.name + "\" style=\"flex:" + std::to_string(share.count) + "\"></i>";
  }
  return out + "</div>";
}

std::string counts_line(const Counts& c) {
  std::string out = "<div class=\"counts\">";
  for (const Share& share : shares_of(c)) {
    if (share.count > 0)
      out += std::string("<span class=\"") + share.name + "\">" + std::to_string(share.count) + " " + share.name +
             "</span>";
  }
  return out + "</div>";
}

// Leads to the gravest finding of the area, if there is one.
std::string area_card(const Area& area, const Counts& c, const std::vector<const Outcome*>& findings) {
  if (sum_of(c) == 0) return {};
  const auto first =
      std::find_if(findings.begin(), findings.end(), [&](const Outcome* o) { return o->check->area == area.name; });
  const bool leads = first != findings.end();
  const std::string begin = leads ? "<a href=\"#" + escaped_xml((*first)->check->id) + "\"" : "<div";
  return begin + " class=\"area" + (c.fail > 0 ? " bad" : "") + "\"><b>" + escaped_xml(area.title) + "</b>" +
         bar(c, "") + counts_line(c) + (leads ? "</a>\n" : "</div>\n");
}

std::string versus(const Outcome& outcome) {
  if (outcome.expected.empty() && outcome.found.empty()) return {};
  return "<div class=\"versus\"><div class=\"want\"><span>Expected</span>" + escaped_xml(outcome.expected) +
         "</div><div class=\"got\"><span>Found</span>" + escaped_xml(outcome.found) + "</div></div>";
}

std::string finding(const Outcome& outcome, bool open) {
  const Check& check = *outcome.check;
  const std::string name(name_of(outcome.verdict));
  const std::string id = escaped_xml(check.id);
  return "<details class=\"" + name + "\"" + (open ? " open" : "") + "><summary><b class=\"" + name + "\">" +
         verdict_text(outcome) + "</b><strong>" + escaped_xml(check.requires_text) +
         "</strong><br><span class=\"dim small\"><code>" + id + "</code> &middot; " +
         std::string(name_of(check.level)) + "</span></summary><div class=\"body\" id=\"" + id + "\">" +
         versus(outcome) + "<dl>" + row("Whose", blame_text(outcome)) + row("Reason", outcome.reason) +
         row("Where", outcome.place.probe + " " + outcome.place.at) + row("Known", outcome.known_because) +
         row("Who breaks", joined(check.breaks)) + row("Why", check.why) +
         code_row("What came", "came", outcome.bytes) + code_row("Repeat it", "curl", outcome.curl) +
         row("Source", check.source) + row("Seen in", joined(check.seen)) + row("Mend it", check.fix) +
         "</dl></div></details>\n";
}

std::string contents(const std::vector<const Outcome*>& findings) {
  std::string out = "<ol class=\"toc\">\n";
  for (const Outcome* outcome : findings) {
    const std::string name(name_of(outcome->verdict));
    out += "<li><a href=\"#" + escaped_xml(outcome->check->id) + "\"><b class=\"" + name + "\">" +
           verdict_text(*outcome) + "</b><span>" + escaped_xml(outcome->check->requires_text) +
           "</span><code class=\"dim small\">" + escaped_xml(outcome->check->id) + "</code></a></li>\n";
  }
  return out + "</ol>\n";
}

std::string rest_of(const Report& report, Verdict verdict, const char* title) {
  std::string body;
  int count = 0;
  for (const Outcome& outcome : report.outcomes) {
    if (outcome.verdict != verdict) continue;
    const std::string why = outcome.reason.empty() ? outcome.check->requires_text : outcome.reason;
    body += "<dt><code>" + escaped_xml(outcome.check->id) + "</code></dt><dd>" + escaped_xml(why) + "</dd>";
    ++count;
  }
  if (body.empty()) return {};
  return "<details><summary>" + std::string(title) + ": " + std::to_string(count) +
         "</summary><div class=\"body\"><dl class=\"list\">" + body + "</dl></div></details>\n";
}

std::string counted(int count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string headline(const Report& report) {
  const Counts c = report.counts();
  const auto line = [](const char* kind, const std::string& text) {
    return std::string("<p class=\"verdict ") + kind + "\">" + text + "</p>\n";
  };
  if (report.interrupted_by != 0) return line("warn", "Interrupted");
  if (!report.nothing_measured.empty()) return line("fail", "Nothing was measured");
  if (c.fail > 0) return line("fail", counted(c.fail, "broken requirement", "broken requirements"));
  if (c.warn > 0) return line("warn", "No broken requirement, " + counted(c.warn, "warning", "warnings"));
  return line("pass", "Nothing is broken");
}

std::string head(const Report& report) {
  const std::string url = escaped_xml(report.facts.base_url);
  return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
         "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>mimus check " +
         url + "</title><style>" + std::string(kHtmlStyle) +
         "</style></head><body>\n<h1>mimus check</h1><p class=\"target\"><code>" + url +
         "</code></p>\n<p class=\"dim small\">model " + escaped_xml(report.facts.model) + " &middot; dialect " +
         escaped_xml(report.dialect) + " &middot; " + date_of(report.facts.started_at) + " &middot; mimus " +
         escaped_xml(report.version) + "</p>\n" + headline(report) + "<p>" + escaped_xml(report.closing()) + "</p>\n" +
         bar(report.counts(), "all") + counts_line(report.counts());
}

}  // namespace

std::string html_report(const Report& report) {
  const auto findings = needing_attention(report);
  std::string out = head(report);
  if (!findings.empty()) out += "<h2>What needs attention</h2>\n" + contents(findings);
  out += "<h2>Areas</h2><div class=\"grid\">\n";
  for (const Area& area : report.catalogue->areas) out += area_card(area, report.counts_of(area.name), findings);
  out += "</div>\n";
  if (!findings.empty()) out += "<h2>Findings</h2>\n";
  for (const Outcome* outcome : findings)
    out += finding(*outcome, outcome->verdict == Verdict::Fail && !outcome->known);
  out += transparency_html(report) + "<h2>The rest</h2>\n";
  for (const Outcome& outcome : report.outcomes) {
    if (outcome.verdict == Verdict::Info) out += finding(outcome, false);
  }
  out += rest_of(report, Verdict::Inconclusive, "Inconclusive") + rest_of(report, Verdict::Skip, "Skipped") +
         rest_of(report, Verdict::Pass, "Passed");
  for (const std::string& note : report.notes) out += "<p class=\"dim small\">" + escaped_xml(note) + "</p>\n";
  return out + "</body></html>\n";
}

}  // namespace mimus::conformance
