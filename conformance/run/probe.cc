#include "conformance/run/probe.h"

#include <algorithm>

#include "api/object_reader.h"
#include "conformance/run/form.h"
#include "conformance/run/placeholder.h"

namespace mimus::conformance {
namespace {

constexpr int kMaxTokens = 1'000'000;

void add_needs(std::string_view text, Probe& probe) {
  for (const Placeholder& found : find_placeholders(text)) {
    probe.names_model = probe.names_model || (found.probe.empty() && found.text == "model");
    if (found.probe.empty() || std::find(probe.needs.begin(), probe.needs.end(), found.probe) != probe.needs.end()) {
      continue;
    }
    probe.needs.push_back(found.probe);
  }
}

void read_raw_body(ObjectReader& reader, Probe& probe) {
  const Json text = reader.any("text");
  const std::string hex = reader.string("hex", "");
  if (text.is_string()) probe.raw_body = std::string(text.as_string());
  if (text && !text.is_string()) reader.fail("text", "expected a string");
  if (hex.empty()) return;
  if (!is_hex(hex)) {
    reader.fail("hex", "expected pairs of lower-case hexadecimal digits");
    return;
  }
  probe.raw_body = bytes_of_hex(hex);
}

void read_form(ObjectReader& reader, Probe& probe) {
  const Json form = reader.object("form");
  if (!form) return;
  probe.raw_body = form_body(form, reader);
  probe.headers.push_back({"Content-Type", std::string(kFormType)});
}

}  // namespace

Result<Probe> read_probe(Json json, const std::string& where, const std::string& area) {
  ObjectReader reader(json, where);
  Probe probe;
  probe.id = reader.required_string("id");
  probe.area = area;
  probe.why = reader.required_string("why");
  probe.operation = reader.string("operation", "");
  probe.method = reader.string("method", "POST");
  probe.path = reader.required_string("path");
  const Json headers = reader.object("headers");
  for (const auto [name, value] : headers.members()) {
    if (!value.is_string()) reader.fail("headers", "expected strings only, found " + describe(value));
    probe.headers.push_back({std::string(name), std::string(value.string_or(""))});
  }
  const std::vector<std::string_view> auths = {"key", "none", "wrong", "lower-scheme", "query"};
  const std::vector<std::string_view> expectations = {"json", "stream", "error", "any"};
  probe.auth = auths[reader.one_of("auth", auths, 0)];
  probe.expects = expectations[reader.one_of("expects", expectations, 0)];
  if (const Json body = reader.object("body")) probe.body = copy_of(body);
  read_raw_body(reader, probe);
  read_form(reader, probe);
  probe.chunked = reader.boolean("chunked", false);
  probe.lead = reader.string("lead", "");
  probe.script = reader.string("script", "");
  probe.leave_after = static_cast<int>(reader.integer("leave_after", 0, 0, 1000));
  probe.leave_time = std::chrono::milliseconds(reader.integer("leave_ms", 0, 0, 30'000));
  probe.settle = std::chrono::milliseconds(reader.integer("settle_ms", 500, 0, 30'000));
  probe.together = reader.strings("together");
  probe.tokens = static_cast<int>(reader.integer("tokens", 0, 0, kMaxTokens));
  if (auto done = reader.finish(); !done) return done.error();
  if (to_text(probe.body.root()).find(probe.script) == std::string::npos) {
    return Error{Errc::BadInput, "expected the words of the script in the body", where + "/script"};
  }
  add_needs(probe.path, probe);
  add_needs(to_text(probe.body.root()), probe);
  if (probe.raw_body) add_needs(*probe.raw_body, probe);
  return probe;
}

}  // namespace mimus::conformance
