#include "conformance/run/probe.h"

#include <algorithm>

#include "api/object_reader.h"
#include "conformance/run/placeholder.h"

namespace mimus::conformance {
namespace {

constexpr int kMaxTokens = 100'000;

void add_needs(std::string_view text, std::vector<std::string>& needs) {
  for (const Placeholder& found : find_placeholders(text)) {
    if (found.probe.empty() || std::find(needs.begin(), needs.end(), found.probe) != needs.end()) continue;
    needs.push_back(found.probe);
  }
}

std::string bytes_of_hex(std::string_view hex) {
  std::string bytes;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1])));
  }
  return bytes;
}

void read_raw_body(ObjectReader& reader, Probe& probe) {
  const Json text = reader.any("text");
  const std::string hex = reader.string("hex", "");
  if (text.is_string()) probe.raw_body = std::string(text.as_string());
  if (text && !text.is_string()) reader.fail("text", "expected a string");
  if (hex.empty()) return;
  if (hex.size() % 2 != 0 || hex.find_first_not_of("0123456789abcdef") != std::string::npos) {
    reader.fail("hex", "expected pairs of lower-case hexadecimal digits");
    return;
  }
  probe.raw_body = bytes_of_hex(hex);
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
  const std::vector<std::string_view> auths = {"key", "none", "wrong", "lower-scheme"};
  const std::vector<std::string_view> expectations = {"json", "stream", "error", "any"};
  probe.auth = auths[reader.one_of("auth", auths, 0)];
  probe.expects = expectations[reader.one_of("expects", expectations, 0)];
  if (const Json body = reader.object("body")) probe.body = copy_of(body);
  read_raw_body(reader, probe);
  probe.chunked = reader.boolean("chunked", false);
  probe.lead = reader.string("lead", "");
  probe.tokens = static_cast<int>(reader.integer("tokens", 0, 0, kMaxTokens));
  if (auto done = reader.finish(); !done) return done.error();
  add_needs(probe.path, probe.needs);
  add_needs(to_text(probe.body.root()), probe.needs);
  if (probe.raw_body) add_needs(*probe.raw_body, probe.needs);
  return probe;
}

}  // namespace mimus::conformance
