// Finding a dialect, and laying it over the one that it extends.
#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include "api/embedded.h"
#include "api/json_writer.h"
#include "api/object_reader.h"
#include "api/read_file.h"
#include "server/dialect/dialect.h"

namespace mimus::server {
namespace {

constexpr std::size_t kLargestFile = 16 * 1024 * 1024;
constexpr int kLongestChain = 8;

// A text and the name under which errors report it.
struct Source {
  std::string label;
  std::string text;
};

std::string names_text() {
  std::string text;
  for (const std::string& name : dialect_names()) text += (text.empty() ? "" : ", ") + name;
  return text;
}

Result<Source> find_source(const std::string& name_or_file) {
  if (name_or_file.ends_with(".json")) {
    auto text = read_file(name_or_file, kLargestFile);
    if (!text) return text.error();
    return Source{name_or_file, std::move(*text)};
  }
  const auto text = find_embedded("dialects/" + name_or_file + ".json");
  if (text) return Source{name_or_file + ".json", std::string(*text)};
  return Error{Errc::BadInput, "no such dialect: expected " + names_text() + ", or a file that ends in .json",
               name_or_file};
}

// Merging keeps only one of two equal keys, so they are looked for before.
std::optional<Error> find_repeated_key(Json json, const std::string& where) {
  std::set<std::string_view> keys;
  for (const auto [key, value] : json.members()) {
    const std::string here = where + "/" + pointer_step(key);
    if (!keys.insert(key).second) return Error{Errc::BadInput, "the key stands twice in one object", here};
    if (auto error = find_repeated_key(value, here)) return error;
  }
  for (std::size_t i = 0; json.is_array() && i < json.size(); ++i) {
    if (auto error = find_repeated_key(json.at(i), where + "/" + std::to_string(i))) return error;
  }
  return std::nullopt;
}

// A file names its neighbours relative to itself.
std::string beside(const std::string& file, std::string_view name) {
  const std::filesystem::path path(name);
  if (!name.ends_with(".json") || path.is_absolute()) return std::string(name);
  return (std::filesystem::path(file).parent_path() / path).string();
}

// A merge patch that removes what `pointer` names: "/a/b" gives {"a":{"b":null}}.
std::string removal_patch(std::string_view pointer) {
  std::string open;
  std::string close;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::string_view step = pointer.substr(0, pointer.find('/'));
    open += "{\"";
    append_escaped(step, open);
    open += "\":";
    close += "}";
    pointer.remove_prefix(step.size());
  }
  return open + "null" + close;
}

Result<JsonDocument> without(JsonDocument base, Json pointers) {
  if (pointers && !pointers.is_array()) {
    return Error{Errc::BadInput, "expected an array of pointers, found " + describe(pointers), "/without"};
  }
  for (const Json pointer : pointers.elements()) {
    const std::string_view text = pointer.string_or("");
    if (!text.starts_with('/') || text.find('~') != std::string_view::npos || !base.root().find_pointer(text)) {
      return Error{Errc::BadInput, "expected a member of the extended dialect, found " + describe(pointer), "/without"};
    }
    const auto patch = parse_json(removal_patch(text));
    if (patch) base = merge_patch(base.root(), patch->root());
  }
  return base;
}

Result<JsonDocument> resolve(const std::string& name_or_file, int depth);

// `own` laid over the dialect that it names.
Result<JsonDocument> extend(const JsonDocument& own, const std::string& file, int depth) {
  const Json name = own.root().find("extends");
  if (!name) {
    if (own.root().find("without")) return Error{Errc::BadInput, "needs \"extends\"", "/without"};
    return copy_of(own.root());
  }
  if (!name.is_string()) {
    return Error{Errc::BadInput, "expected the name of a dialect, found " + describe(name), "/extends"};
  }
  if (depth >= kLongestChain) return Error{Errc::BadInput, "the chain of extends does not end", "/extends"};
  auto base = resolve(beside(file, name.as_string()), depth + 1);
  if (!base) return Error{base.error().code, base.error().text(), "/extends"};
  auto rest = without(std::move(*base), own.root().find("without"));
  if (!rest) return rest.error();
  const JsonDocument merged = merge_patch(rest->root(), own.root());
  const auto markers = parse_json(R"({"extends":null,"without":null})");
  return merge_patch(merged.root(), markers->root());
}

Result<JsonDocument> resolve(const std::string& name_or_file, int depth) {
  const auto source = find_source(name_or_file);
  if (!source) return source.error();
  const auto own = parse_file_text(source->text, source->label);
  if (!own) return own.error();
  if (const auto error = find_repeated_key(own->root(), "")) {
    return placed_in_file(*error, source->label, source->text);
  }
  auto extended = extend(*own, source->label, depth);
  if (!extended) return placed_in_file(extended.error(), source->label, source->text);
  return extended;
}

}  // namespace

Result<JsonDocument> load_dialect_json(const std::string& name_or_file) {
  return resolve(name_or_file, 0);
}

Result<Dialect> load_dialect(const std::string& name_or_file) {
  const auto json = load_dialect_json(name_or_file);
  if (!json) return json.error();
  auto dialect = read_dialect(json->root());
  if (dialect) return dialect;
  return placed_in_dialect(dialect.error(), name_or_file);
}

Error placed_in_dialect(const Error& error, const std::string& name_or_file) {
  const auto source = find_source(name_or_file);
  return source ? placed_in_file(error, source->label, source->text) : source.error();
}

Result<std::string> load_dialect_text(const std::string& name_or_file) {
  auto source = find_source(name_or_file);
  if (!source) return source.error();
  return std::move(source->text);
}

std::vector<std::string> dialect_names() {
  constexpr std::string_view kFolder = "dialects/";
  constexpr std::string_view kSuffix = ".json";
  std::vector<std::string> names;
  for (const std::string_view file : embedded_below(kFolder)) {
    names.emplace_back(file.substr(kFolder.size(), file.size() - kFolder.size() - kSuffix.size()));
  }
  return names;
}

}  // namespace mimus::server
