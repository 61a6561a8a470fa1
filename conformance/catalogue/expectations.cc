#include "conformance/catalogue/expectations.h"

#include <algorithm>

#include "api/embedded.h"
#include "api/object_reader.h"
#include "api/read_file.h"

namespace mimus::conformance {
namespace {

constexpr std::size_t kLargestDialect = 4 * 1024 * 1024;
constexpr int kDeepestExtends = 8;

Result<std::string> text_of(const std::string& name_or_file) {
  if (name_or_file.ends_with(".json")) return read_file(name_or_file, kLargestDialect);
  if (const auto text = find_embedded("dialects/" + name_or_file + ".json")) return std::string(*text);
  std::string names;
  for (std::string_view name : embedded_below("dialects/")) {
    name.remove_prefix(9);
    name.remove_suffix(5);
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  return Error{Errc::BadInput, "no such dialect; there are " + names + ", or give a .json file", name_or_file};
}

Result<JsonDocument> load_merged(const std::string& name_or_file, int depth) {
  const auto text = text_of(name_or_file);
  if (!text) return text.error();
  auto document = parse_file_text(*text, name_or_file);
  if (!document) return document.error();
  const std::string base(document->root().find("extends").string_or(""));
  if (base.empty()) return std::move(*document);
  if (depth == 0) return Error{Errc::BadInput, "\"extends\" goes on without end", name_or_file};
  const auto merged = load_merged(base, depth - 1);
  if (!merged) return merged.error();
  return merge_patch(merged->root(), document->root());
}

std::optional<std::string> optional_string(Json json) {
  if (!json.is_string()) return std::nullopt;
  return std::string(json.as_string());
}

Expectations read_expectations(Json json) {
  Expectations expect;
  expect.dialect = json.find("name").string_or(expect.dialect);
  expect.auth_header = json.find_pointer("/auth/header").string_or(expect.auth_header);
  expect.auth_scheme = json.find_pointer("/auth/scheme").string_or(expect.auth_scheme);
  expect.base_path = json.find("base_path").string_or(expect.base_path);
  const Json first = json.find("models").at(0);
  expect.model = first.is_string() ? first.as_string() : first.find("id").string_or("");
  for (const Json member : json.find("error_members").elements())
    expect.error_members.emplace_back(member.string_or(""));
  for (const auto [situation, row] : json.find("errors").members()) {
    expect.errors[std::string(situation)] = {static_cast<int>(row.find("status").int_or(0)),
                                             optional_string(row.find("type")), optional_string(row.find("code"))};
  }
  return expect;
}

}  // namespace

const ExpectedError* Expectations::find_error(std::string_view situation) const {
  const auto found = errors.find(situation);
  return found == errors.end() ? nullptr : &found->second;
}

bool Expectations::has_error_member(std::string_view member) const {
  return error_members.empty() || std::find(error_members.begin(), error_members.end(), member) != error_members.end();
}

Result<Expectations> load_expectations(const std::string& name_or_file) {
  const auto merged = load_merged(name_or_file, kDeepestExtends);
  if (!merged) return merged.error();
  return read_expectations(merged->root());
}

}  // namespace mimus::conformance
