#include "conformance/catalogue/expectations.h"

#include <algorithm>

#include "api/embedded.h"
#include "api/json_writer.h"
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

// `base` without what `pointer` ("/models") names.
JsonDocument without(Json base, std::string_view pointer) {
  std::string open;
  std::string close;
  while (!pointer.empty()) {
    const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    JsonWriter(open.append("{")).string(pointer.substr(1, end - 1));
    open += ":";
    close += "}";
    pointer.remove_prefix(end);
  }
  const auto patch = parse_json(open + "null" + close);
  return patch ? merge_patch(base, patch->root()) : copy_of(base);
}

Result<JsonDocument> load_merged(const std::string& name_or_file, int depth) {
  const auto text = text_of(name_or_file);
  if (!text) return text.error();
  auto document = parse_file_text(*text, name_or_file);
  if (!document) return document.error();
  const std::string base(document->root().find("extends").string_or(""));
  if (base.empty()) return std::move(*document);
  if (depth == 0) return Error{Errc::BadInput, "\"extends\" goes on without end", name_or_file};
  auto merged = load_merged(base, depth - 1);
  if (!merged) return merged.error();
  for (const Json pointer : document->root().find("without").elements()) {
    *merged = without(merged->root(), pointer.string_or(""));
  }
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
  if (json.find("error_form").string_or("") == "google") expect.api = "google";
  const Json models = json.find("models");
  if (models.is_object() && models.size() > 0) expect.model = models.member(0).key;
  for (const auto [id, model] : models.members()) {
    expect.models_have_created = model.find("created").has_value();
    if (expect.models_have_created) break;
  }
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

bool Expectations::agrees(Json where) const {
  for (const auto [pointer, value] : where.members()) {
    const Json own = document.root().find_pointer(pointer);
    if (own && !equal(own, value)) return false;
  }
  return true;
}

Result<Expectations> load_expectations(const std::string& name_or_file) {
  auto merged = load_merged(name_or_file, kDeepestExtends);
  if (!merged) return merged.error();
  Expectations expect = read_expectations(merged->root());
  expect.document = std::move(*merged);
  return expect;
}

}  // namespace mimus::conformance
