// For code scanning: SARIF 2.1.0. Each check that was broken is a rule, each finding a result at the target's URL.
#include "api/json_writer.h"
#include "conformance/report/report.h"
#include "conformance/report/transparency_text.h"

namespace mimus::conformance {
namespace {

std::string_view level_of(Verdict verdict) {
  if (verdict == Verdict::Fail) return "error";
  return verdict == Verdict::Warn ? "warning" : "note";
}

bool is_result(const Outcome& outcome) {
  return outcome.verdict == Verdict::Fail || outcome.verdict == Verdict::Warn || outcome.verdict == Verdict::Info;
}

void write_text(JsonWriter& json, std::string_view key, std::string_view text) {
  json.key(key).object().member("text", text).end_object();
}

// What came from the target may be no text at all.
std::string ascii(std::string_view text) {
  std::string out;
  for (const char c : text) out += static_cast<unsigned char>(c) < 0x80 ? c : '?';
  return out;
}

void write_rule(JsonWriter& json, const Check& check) {
  json.object().member("id", check.id);
  write_text(json, "shortDescription", check.requires_text);
  write_text(json, "fullDescription", check.why + " Source: " + check.source);
  json.end_object();
}

void write_result(JsonWriter& json, const Outcome& outcome, const std::string& url) {
  json.object().member("ruleId", outcome.check->id).member("level", level_of(outcome.verdict));
  write_text(json, "message",
             ascii("expected " + outcome.expected + "; found " + outcome.found +
                   (outcome.blame ? "; " + blame_text(outcome) : "")));
  json.key("locations").array().object().key("physicalLocation").object();
  json.key("artifactLocation").object().member("uri", url).end_object().end_object();
  json.key("logicalLocations").array().object().member("name", outcome.place.probe);
  json.member("fullyQualifiedName", ascii(outcome.place.probe + " " + outcome.place.at)).end_object().end_array();
  json.end_object().end_array();
  if (outcome.known) {
    json.key("suppressions").array().object().member("kind", "external");
    json.member("justification", outcome.known_because).end_object().end_array();
  }
  json.end_object();
}

void write_upstream(JsonWriter& json, const Report& report) {
  json.key("toolExecutionNotifications").array().object().member("level", "note");
  write_text(json, "message", ascii(transparency_console(report)));
  json.end_object().end_array();
}

}  // namespace

std::string sarif_report(const Report& report) {
  std::string out;
  JsonWriter json(out);
  json.object().member("$schema", "https://json.schemastore.org/sarif-2.1.0.json").member("version", "2.1.0");
  json.key("runs").array().object().key("tool").object().key("driver").object();
  json.member("name", "mimus check").member("version", report.version).key("rules").array();
  for (const Outcome& outcome : report.outcomes) {
    if (is_result(outcome)) write_rule(json, *outcome.check);
  }
  json.end_array().end_object().end_object().key("results").array();
  for (const Outcome& outcome : report.outcomes) {
    if (is_result(outcome)) write_result(json, outcome, report.facts.base_url);
  }
  json.end_array().key("invocations").array().object();
  json.member("executionSuccessful", report.nothing_measured.empty());
  if (report.transparency) write_upstream(json, report);
  json.end_object().end_array();
  json.end_object().end_array().end_object();
  return out + "\n";
}

}  // namespace mimus::conformance
