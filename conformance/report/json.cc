// For programs. Version 1; members may be added, never change their meaning.
#include "api/json_writer.h"
#include "conformance/client/utf8.h"
#include "conformance/report/report.h"
#include "conformance/report/transparency_text.h"

namespace mimus::conformance {
namespace {

// What came from the target may be no text at all.
std::string text_of(std::string_view bytes) {
  std::string out;
  while (const auto invalid = find_invalid_utf8(bytes)) {
    out.append(bytes.substr(0, *invalid)).append("\xEF\xBF\xBD");
    bytes.remove_prefix(*invalid + 1);
  }
  return out.append(bytes);
}

void write_counts(JsonWriter& json, const Counts& c) {
  json.object().member("pass", c.pass).member("fail", c.fail).member("warn", c.warn).member("info", c.info);
  json.member("skip", c.skip).member("inconclusive", c.inconclusive).member("error", c.error);
  json.member("known", c.known).end_object();
}

void write_strings(JsonWriter& json, std::string_view key, const std::vector<std::string>& values) {
  json.key(key).array();
  for (const std::string& value : values) json.string(text_of(value));
  json.end_array();
}

void write_outcome(JsonWriter& json, const Outcome& outcome) {
  const Check& check = *outcome.check;
  json.object().member("id", check.id).member("area", check.area).member("level", name_of(check.level));
  json.member("class", name_of(check.check_class)).member("verdict", name_of(outcome.verdict));
  json.member("requires", check.requires_text).member("expected", text_of(outcome.expected));
  json.member("found", text_of(outcome.found)).member("reason", text_of(outcome.reason));
  json.member("known", outcome.known).member("known_because", outcome.known_because);
  json.member("source", check.source).member("why", check.why);
  if (outcome.blame) json.member("blame", name_of(*outcome.blame));
  write_strings(json, "breaks", check.breaks);
  json.key("evidence").object().member("probe", outcome.place.probe).member("at", text_of(outcome.place.at));
  json.member("curl", text_of(outcome.curl)).member("bytes", text_of(outcome.bytes)).end_object().end_object();
}

}  // namespace

std::string json_report(const Report& report) {
  std::string out;
  JsonWriter json(out);
  json.object().member("mimus", report.version).member("report_version", 1);
  json.key("target").object().member("base_url", report.facts.base_url).member("model", text_of(report.facts.model));
  json.member("dialect", report.dialect).member("cap_parameter", report.facts.cap_parameter).end_object();
  json.member("started_at", report.facts.started_at).member("requests", report.requests);
  json.member("tokens_estimated", report.tokens).member("took_ms", report.took_ms).member("strict", report.strict);
  json.member("exit_code", report.exit_code()).member("interrupted", report.interrupted_by != 0);
  json.member("nothing_measured", text_of(report.nothing_measured));
  json.key("summary");
  write_counts(json, report.counts());
  json.key("areas").object();
  for (const Area& area : report.catalogue->areas) write_counts(json.key(area.name), report.counts_of(area.name));
  json.end_object();
  write_strings(json, "notes", report.notes);
  json.key("baseline").object();
  write_strings(json, "stale", report.baseline.stale);
  write_strings(json, "expired", report.baseline.expired);
  json.end_object().member("closing", text_of(report.closing()));
  write_transparency(json, report);
  json.key("checks").array();
  for (const Outcome& outcome : report.outcomes) write_outcome(json, outcome);
  json.end_array().end_object();
  return out + "\n";
}

}  // namespace mimus::conformance
