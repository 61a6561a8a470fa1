// One page for maintainers: areas as a grid, each finding with expectation, what came, the bytes, a curl line, the
// source and who breaks. No script but the browser's own <details>, no network, light and dark, phone to desktop.
#include "conformance/report/report.h"

namespace mimus::conformance {
namespace {

constexpr std::string_view kStyle = R"css(
:root{color-scheme:light dark;--bg:#fbfbfa;--fg:#1c1d1f;--dim:#63676d;--card:#fff;--line:#dfe1e4;--fail:#b3261e;--warn:#8a5a00;
--pass:#1c6b3a;--info:#2458a6;--code:#f2f3f4}
@media(prefers-color-scheme:dark){:root{--bg:#16181b;--fg:#e7e8ea;--dim:#a0a5ac;--card:#1e2125;--line:#353a40;--fail:#ff8a80;
--warn:#f0b958;--pass:#7fd39b;--info:#8ab8ff;--code:#272b30}}
*{box-sizing:border-box}body{margin:0 auto;max-width:64rem;padding:1.5rem 1rem 4rem;background:var(--bg);color:var(--fg);
font:1rem/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;margin:0}h2{font-size:1.15rem;margin:2.2rem 0 .8rem}p{margin:.4rem 0}.dim{color:var(--dim)}
.lead{font-size:1.05rem;margin:1rem 0}.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(14rem,1fr));gap:.7rem}
.area,details{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.7rem .9rem}
.area b{display:block}.bar{display:flex;height:.4rem;border-radius:.2rem;overflow:hidden;margin:.5rem 0;background:var(--line)}
.bar i{display:block}.pass{color:var(--pass)}.fail,.error{color:var(--fail)}.warn{color:var(--warn)}.info{color:var(--info)}
.bar .pass{background:var(--pass)}.bar .fail{background:var(--fail)}.bar .warn{background:var(--warn)}.bar .info{background:var(--info)}
details{margin:.5rem 0}summary{cursor:pointer;overflow-wrap:anywhere}summary b{margin-right:.5rem}
dl{display:grid;grid-template-columns:7rem 1fr;gap:.3rem .8rem;margin:.8rem 0 0}dt{color:var(--dim)}dd{margin:0;min-width:0;overflow-wrap:anywhere}
pre{margin:0;padding:.6rem;background:var(--code);border-radius:.3rem;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere;font-size:.85rem}
@media(max-width:36rem){dl{grid-template-columns:1fr;gap:.1rem}dt{margin-top:.5rem}}
)css";

std::string row(const char* term, const std::string& text) {
  return text.empty() ? "" : std::string("<dt>") + term + "</dt><dd>" + escaped_xml(text) + "</dd>";
}

std::string code_row(const char* term, const std::string& text) {
  return text.empty() ? "" : std::string("<dt>") + term + "</dt><dd><pre>" + escaped_xml(text) + "</pre></dd>";
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : "; ") + part;
  return text;
}

std::string segment(const char* name, int count, int all) {
  if (count == 0) return {};
  return std::string("<i class=\"") + name + "\" style=\"width:" + std::to_string(count * 100 / all) + "%\"></i>";
}

std::string area_card(const Area& area, const Counts& c) {
  const int all = c.pass + c.fail + c.warn + c.info + c.skip + c.inconclusive + c.error;
  if (all == 0) return {};
  std::string words;
  const auto add = [&](const char* name, int count) {
    if (count > 0)
      words += "<span class=\"" + std::string(name) + "\">" + std::to_string(count) + " " + name + "</span> ";
  };
  add("pass", c.pass);
  add("fail", c.fail);
  add("warn", c.warn);
  add("info", c.info);
  add("skip", c.skip);
  add("inconclusive", c.inconclusive);
  add("error", c.error);
  return "<div class=\"area\"><b>" + escaped_xml(area.title) + "</b><div class=\"bar\">" +
         segment("pass", c.pass, all) + segment("fail", c.fail, all) + segment("warn", c.warn, all) +
         segment("info", c.info, all) + "</div>" + words + "</div>\n";
}

std::string finding(const Outcome& outcome, bool open) {
  const Check& check = *outcome.check;
  const std::string name(name_of(outcome.verdict));
  return std::string("<details") + (open ? " open" : "") + " id=\"" + escaped_xml(check.id) +
         "\"><summary><b class=\"" + name + "\">" + verdict_text(outcome) + "</b>" + escaped_xml(check.requires_text) +
         "<br><span class=\"dim\">" + escaped_xml(check.id) + ", " + std::string(name_of(check.level)) +
         "</span></summary><dl>" + row("Expected", outcome.expected) + row("Found", outcome.found) +
         row("Reason", outcome.reason) + row("Where", outcome.place.probe + " " + outcome.place.at) +
         row("Known", outcome.known_because) + code_row("Bytes", outcome.bytes) + code_row("Repeat it", outcome.curl) +
         row("Why", check.why) + row("Breaks", joined(check.breaks)) + row("Source", check.source) +
         row("Seen in", joined(check.seen)) + row("Mend it", check.fix) + "</dl></details>\n";
}

std::string rest_of(const Report& report, Verdict verdict, const char* title) {
  std::string body;
  for (const Outcome& outcome : report.outcomes) {
    if (outcome.verdict != verdict) continue;
    const std::string why = outcome.reason.empty() ? outcome.check->requires_text : outcome.reason;
    body += "<dt>" + escaped_xml(outcome.check->id) + "</dt><dd>" + escaped_xml(why) + "</dd>";
  }
  if (body.empty()) return {};
  return std::string("<details><summary>") + title + "</summary><dl>" + body + "</dl></details>\n";
}

}  // namespace

std::string html_report(const Report& report) {
  std::string out =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>mimus check " +
      escaped_xml(report.facts.base_url) + "</title><style>" + std::string(kStyle) +
      "</style></head><body>\n<h1>mimus check</h1><p class=\"dim\">" + escaped_xml(report.facts.base_url) + ", model " +
      escaped_xml(report.facts.model) + ", dialect " + escaped_xml(report.dialect) + ", " +
      date_of(report.facts.started_at) + ", mimus " + escaped_xml(report.version) + "</p>\n<p class=\"lead\">" +
      escaped_xml(report.closing()) + "</p>\n<h2>Areas</h2><div class=\"grid\">\n";
  for (const Area& area : report.catalogue->areas) out += area_card(area, report.counts_of(area.name));
  out += "</div>\n";
  const auto found = needing_attention(report);
  if (!found.empty()) out += "<h2>What needs attention</h2>\n";
  for (const Outcome* outcome : found) out += finding(*outcome, outcome->verdict == Verdict::Fail && !outcome->known);
  out += "<h2>The rest</h2>\n";
  for (const Outcome& outcome : report.outcomes) {
    if (outcome.verdict == Verdict::Info) out += finding(outcome, false);
  }
  out += rest_of(report, Verdict::Inconclusive, "Inconclusive") + rest_of(report, Verdict::Skip, "Skipped") +
         rest_of(report, Verdict::Pass, "Passed");
  for (const std::string& note : report.notes) out += "<p class=\"dim\">" + escaped_xml(note) + "</p>\n";
  return out + "</body></html>\n";
}

}  // namespace mimus::conformance
