// From JSON to a Dialect, member by member.
#include <algorithm>

#include "api/object_reader.h"
#include "server/dialect/dialect.h"
#include "server/dialect/situations.h"

namespace mimus::server {
namespace {

// `base` stands for what the object leaves out.
Auth read_auth(Json json, const std::string& where, const Auth& base, ObjectReader& outer) {
  if (!json) return base;
  ObjectReader reader(json, where);
  Auth auth;
  auth.is_required = reader.boolean("required", base.is_required);
  auth.header = reader.string("header", base.header);
  auth.scheme = reader.string("scheme", base.scheme);
  auth.key_prefix = reader.string("key_prefix", base.key_prefix);
  auth.strict_key_prefix = reader.boolean("strict_key_prefix", base.strict_key_prefix);
  auth.query = reader.string("query", base.query);
  auth.also_bearer = reader.boolean("also_bearer", base.also_bearer);
  if (const auto done = reader.finish(); !done) outer.fail(done.error());
  return auth;
}

std::string read_method(ObjectReader& reader) {
  const std::vector<std::string> known = {"GET", "POST", "PUT", "PATCH", "DELETE"};
  std::string method = reader.required_string("method");
  if (std::find(known.begin(), known.end(), method) == known.end()) {
    reader.fail("method", "expected GET, POST, PUT, PATCH or DELETE, found \"" + method + "\"");
  }
  return method;
}

// The name is a part of paths: several dialects are mounted below it.
std::string read_name(ObjectReader& reader) {
  std::string name = reader.required_string("name");
  const bool is_plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  if (!is_plain) reader.fail("name", "expected letters, digits, - and _, found \"" + name + "\"");
  return name;
}

std::string read_base_path(ObjectReader& reader, std::string_view fallback) {
  std::string path = reader.string("base_path", fallback);
  if (!path.empty() && (path.front() != '/' || path.back() == '/')) {
    reader.fail("base_path", "expected nothing, or a path such as /v1, found \"" + path + "\"");
  }
  return path;
}

ErrorForm read_error_form(ObjectReader& reader, ErrorForm fallback) {
  return static_cast<ErrorForm>(reader.one_of("error_form", {"members", "google"}, static_cast<std::size_t>(fallback)));
}

Result<Endpoint> read_endpoint(std::string_view operation, Json json, const std::string& where, const Dialect& dialect,
                               RuleReader& rules) {
  ObjectReader reader(json, where);
  Endpoint endpoint;
  endpoint.operation = operation;
  endpoint.method = read_method(reader);
  endpoint.base_path = read_base_path(reader, dialect.base_path);
  const std::string path = reader.required_string("path");
  if (!path.starts_with('/')) reader.fail("path", "expected a path that begins with /, found \"" + path + "\"");
  endpoint.path = endpoint.base_path + path;
  endpoint.auth = read_auth(reader.object("auth"), reader.path_of("auth"), dialect.auth, reader);
  const Json body = reader.any("body");
  endpoint.default_models = reader.strings("default_models");
  endpoint.error_form = read_error_form(reader, dialect.error_form);
  reader.string("source", "");
  if (const auto done = reader.finish(); !done) return done.error();
  auto read = rules.read(body, reader.path_of("body"));
  if (!read) return read.error();
  endpoint.rules = std::move(*read);
  return endpoint;
}

BodyStyle read_style(Json json, ObjectReader& outer) {
  BodyStyle style;
  if (!json) return style;
  ObjectReader reader(json, outer.path_of("style"));
  style.usage_details = reader.boolean("usage_details", false);
  style.refusal = reader.boolean("refusal", false);
  style.annotations = reader.boolean("annotations", false);
  style.logprobs = reader.boolean("logprobs", false);
  style.service_tier = reader.boolean("service_tier", false);
  style.system_fingerprint = reader.boolean("system_fingerprint", false);
  style.obfuscation = reader.boolean("obfuscation", false);
  if (const auto done = reader.finish(); !done) outer.fail(done.error());
  return style;
}

void check_error_members(const std::vector<std::string>& members, ObjectReader& reader) {
  const std::vector<std::string> known = {"message", "type", "param", "code"};
  if (members.empty()) reader.fail("error_members", "expected some of message, type, param, code");
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (std::find(known.begin(), known.end(), members[i]) == known.end()) {
      reader.fail("error_members", "expected message, type, param or code, found \"" + members[i] + "\"");
    }
    if (std::find(members.begin(), members.begin() + static_cast<std::ptrdiff_t>(i), members[i]) !=
        members.begin() + static_cast<std::ptrdiff_t>(i)) {
      reader.fail("error_members", "\"" + members[i] + "\" stands twice");
    }
  }
}

using ErrorRows = std::map<std::string, ErrorRow, std::less<>>;

Result<ErrorRows> read_error_rows(Json json, const std::string& where) {
  ErrorRows rows;
  for (const auto [situation, row_json] : json.members()) {
    auto row = read_error_row(row_json, where + "/" + pointer_step(situation), situation);
    if (!row) return row.error();
    rows.emplace(situation, std::move(*row));
  }
  return rows;
}

// A row for every situation, so that no request meets a gap.
Result<ErrorRows> read_errors(Json json) {
  auto rows = read_error_rows(json, "/errors");
  if (!rows) return rows;
  std::string missing;
  for (const Situation& situation : all_situations()) {
    if (rows->find(situation.name) != rows->end()) continue;
    missing += (missing.empty() ? "" : ", ") + std::string(situation.name);
  }
  if (!missing.empty()) return Error{Errc::BadInput, "rows are missing: " + missing, "/errors"};
  return rows;
}

// A rule may name a situation of its own; it needs a row like every other.
Result<Done> read_endpoints(Json endpoints, Json shapes, bool ignores_unknown, Dialect& dialect) {
  RuleReader rules(shapes, "/shapes", ignores_unknown ? UnknownMembers::Ignore : UnknownMembers::AsRuled);
  for (const auto [operation, json] : endpoints.members()) {
    auto endpoint = read_endpoint(operation, json, "/endpoints/" + pointer_step(operation), dialect, rules);
    if (!endpoint) return endpoint.error();
    dialect.endpoints.push_back(std::move(*endpoint));
  }
  return rules.finish();
}

}  // namespace

Result<Dialect> read_dialect(Json json) {
  ObjectReader reader(json, "");
  Dialect dialect;
  dialect.name = read_name(reader);
  dialect.title = reader.string("title", dialect.name);
  dialect.sources = reader.strings("sources");
  dialect.base_path = read_base_path(reader, "");
  dialect.auth = read_auth(reader.required_object("auth"), "/auth", Auth{true, "authorization", "Bearer", ""}, reader);
  dialect.headers = read_headers(reader.object("headers"), reader, "headers");
  dialect.style = read_style(reader.object("style"), reader);
  dialect.error_members = reader.strings("error_members");
  check_error_members(dialect.error_members, reader);
  dialect.error_form = read_error_form(reader, ErrorForm::Members);
  dialect.accepts_unknown_models = reader.boolean("accepts_unknown_models", false);
  dialect.content_type_always = reader.one_of("content_type", {"with_body", "always"}, 0) == 1;
  const bool ignores_unknown = reader.one_of("unknown_members", {"as_ruled", "ignore"}, 0) == 1;
  const Json endpoints = reader.required_object("endpoints");
  const Json shapes = reader.object("shapes");
  const Json errors = reader.required_object("errors");
  const Json google_errors = reader.object("google_errors");
  const Json models = reader.required_object("models");
  const Json families = reader.object("families");
  const Json limits = reader.object("limits");
  if (const auto done = reader.finish(); !done) return done.error();

  if (const auto done = read_endpoints(endpoints, shapes, ignores_unknown, dialect); !done) return done.error();
  auto rows = read_errors(errors);
  if (!rows) return rows.error();
  dialect.errors_ = std::move(*rows);
  auto google_rows = read_error_rows(google_errors, "/google_errors");
  if (!google_rows) return google_rows.error();
  dialect.google_errors_ = std::move(*google_rows);
  auto read = read_models(models, families, "/models");
  if (!read) return read.error();
  dialect.models = std::move(*read);
  auto limit_rules = read_limit_rules(limits, "/limits");
  if (!limit_rules) return limit_rules.error();
  dialect.limits = std::move(*limit_rules);
  return dialect;
}

}  // namespace mimus::server
