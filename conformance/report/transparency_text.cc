#include "conformance/report/transparency_text.h"

#include <array>
#include <utility>

#include "conformance/client/utf8.h"

namespace mimus::conformance {
namespace {

// What a finding does not tell already: those that only the comparison shows.
bool is_only_here(const CheckDifference& one) {
  return one.blame == Blame::Mended || one.blame == Blame::Lost;
}

// Bytes of the targets, as text on one line.
std::string line(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  return find_invalid_utf8(out) ? "(bytes that are not text)" : out;
}

std::string found_at_upstream(const CheckDifference& one) {
  if (one.blame == Blame::Lost) return line(one.gateway.reason);
  return "expected " + line(one.upstream.expected) + ", the upstream has " + line(one.upstream.found);
}

std::string cell(const std::string& text) {
  std::string out;
  for (const char c : line(text)) {
    if (std::string_view("|<>`*_[]\\").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

constexpr std::array<std::pair<Blame, const char*>, 5> kCounted = {{{Blame::Gateway, "of the gateway's own"},
                                                                    {Blame::Inherited, "inherited"},
                                                                    {Blame::Unknown, "that cannot be told"},
                                                                    {Blame::Mended, "mended"},
                                                                    {Blame::Lost, "lost"}}};

void write_side(JsonWriter& json, const char* name, const Outcome& outcome) {
  json.key(name).object().member("verdict", name_of(outcome.verdict)).member("expected", line(outcome.expected));
  json.member("found", line(outcome.found)).member("reason", line(outcome.reason));
  json.member("curl", line(outcome.curl)).member("bytes", line(outcome.bytes)).end_object();
}

}  // namespace

std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 3;
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < kShown; ++i) out += (i == 0 ? "" : ", ") + names[i];
  return names.size() > kShown ? out + " and " + std::to_string(names.size() - kShown) + " more" : out;
}

std::string transparency_closing(const Transparency& t) {
  if (!t.nothing_measured.empty()) return "Nothing was measured at the upstream: " + line(t.nothing_measured);
  std::string parts;
  for (const auto& [blame, words] : kCounted) {
    if (const int n = t.count(blame); n > 0) parts += (parts.empty() ? "" : ", ") + std::to_string(n) + " " + words;
  }
  return "Against its upstream: " + (parts.empty() ? "the checks find no difference" : parts) + ".";
}

std::string transparency_console(const Report& report) {
  if (!report.transparency) return {};
  const Transparency& t = *report.transparency;
  std::string out = "\nupstream  " + t.upstream_url + "\n";
  for (const CheckDifference& one : t.checks) {
    if (!is_only_here(one)) continue;
    out += std::string(name_of(one.blame)) + "  " + one.check->id + ": " + found_at_upstream(one) + "\n";
  }
  for (const WireDifference& one : t.wire) out += "wire  " + line(one.what) + "  [" + listed(one.probes) + "]\n";
  return out + transparency_closing(t) + "\n";
}

std::string transparency_markdown(const Report& report) {
  if (!report.transparency) return {};
  const Transparency& t = *report.transparency;
  std::string out =
      "\n### Gateway and upstream\n\n" + cell(t.upstream_url) + "\n\n" + cell(transparency_closing(t)) + "\n";
  if (!t.checks.empty()) out += "\n| whose | check | gateway | upstream |\n|---|---|---|---|\n";
  for (const CheckDifference& one : t.checks) {
    const auto side = [](const Outcome& o) {
      return std::string(name_of(o.verdict)) + (o.found.empty() ? "" : ": " + o.found);
    };
    out += "| " + std::string(name_of(one.blame)) + " | " + cell(one.check->id) + " | " + cell(side(one.gateway)) +
           " | " + cell(side(one.upstream)) + " |\n";
  }
  if (!t.wire.empty()) out += "\n| on the wire | probes |\n|---|---|\n";
  for (const WireDifference& one : t.wire) out += "| " + cell(one.what) + " | " + cell(listed(one.probes)) + " |\n";
  return out;
}

std::string transparency_html(const Report& report) {
  if (!report.transparency) return {};
  const Transparency& t = *report.transparency;
  std::string out = "<h2>Gateway and upstream</h2>\n<p class=\"target\"><code>" + escaped_xml(t.upstream_url) +
                    "</code></p><p>" + escaped_xml(transparency_closing(t)) + "</p>\n";
  std::string rows;
  for (const CheckDifference& one : t.checks) {
    if (!is_only_here(one)) continue;
    rows += "<dt><code>" + escaped_xml(one.check->id) + "</code></dt><dd><b class=\"" +
            (one.blame == Blame::Mended ? "pass" : "warn") + "\">" + std::string(name_of(one.blame)) + "</b> " +
            escaped_xml(found_at_upstream(one)) + "</dd>";
  }
  if (!rows.empty()) {
    out += "<details open><summary>Mended and lost</summary><div class=\"body\"><dl class=\"list\">" + rows +
           "</dl></div></details>\n";
  }
  std::string wire;
  for (const WireDifference& one : t.wire) {
    wire += "<dt>" + escaped_xml(one.what) + "</dt><dd><code>" + escaped_xml(listed(one.probes)) + "</code></dd>";
  }
  if (wire.empty()) return out;
  return out + "<details><summary>On the wire: " + std::to_string(t.wire.size()) +
         "</summary><div class=\"body\"><dl class=\"list\">" + wire + "</dl></div></details>\n";
}

void write_transparency(JsonWriter& json, const Report& report) {
  if (!report.transparency) return;
  const Transparency& t = *report.transparency;
  json.key("transparency").object().member("upstream", t.upstream_url);
  json.member("nothing_measured", line(t.nothing_measured)).member("requests", t.requests);
  json.member("tokens_estimated", t.tokens).key("summary").object();
  for (const Blame blame : {Blame::Gateway, Blame::Inherited, Blame::Mended, Blame::Lost, Blame::Unknown}) {
    json.member(name_of(blame), t.count(blame));
  }
  json.end_object().member("closing", transparency_closing(t)).key("checks").array();
  for (const CheckDifference& one : t.checks) {
    json.object().member("id", one.check->id).member("blame", name_of(one.blame));
    write_side(json, "gateway", one.gateway);
    write_side(json, "upstream", one.upstream);
    json.end_object();
  }
  json.end_array().key("wire").array();
  for (const WireDifference& one : t.wire) {
    json.object().member("what", line(one.what)).key("probes").array();
    for (const std::string& probe : one.probes) json.string(probe);
    json.end_array().end_object();
  }
  json.end_array().end_object();
}

}  // namespace mimus::conformance
