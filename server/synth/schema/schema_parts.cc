#include "server/synth/schema/schema_parts.h"

#include <algorithm>

#include "server/synth/schema/schema_refs.h"

namespace mimus::server {
namespace {

constexpr std::size_t kMostParts = 200;  // a circle of references grows beyond any
constexpr int kMostLooks = 60;           // schemas looked at for one choice
constexpr int kLookDown = 6;             // levels
constexpr int kEndless = 100;

bool allows_scalar(Json schema) {
  const Json type = schema.find("type");
  const auto scalar = [](Json t) { return t.string_or("") != "object" && t.string_or("") != "array"; };
  if (type.is_string()) return scalar(type);
  for (const Json one : type.elements()) {
    if (scalar(one)) return true;
  }
  return schema.find("enum") || schema.find("const") || schema.find("nullable").bool_or(false);
}

// The least number of levels that an instance has; an estimate, for choosing what ends a recursion.
int height(Json root, Json schema, int fuel, int& looks) {
  if (!schema.is_object()) return 0;
  if (fuel == 0 || --looks < 0) return kEndless;
  if (const Json ref = schema.find("$ref"); ref.is_string())
    return height(root, find_ref(root, ref.as_string()), fuel - 1, looks);
  int levels = 0;
  for (const std::string_view keyword : {"anyOf", "oneOf"}) {
    int least = kEndless;
    for (const Json choice : schema.find(keyword).elements())
      least = std::min(least, height(root, choice, fuel - 1, looks));
    if (schema.find(keyword).size() > 0) levels = std::max(levels, least);
  }
  for (const Json part : schema.find("allOf").elements())
    levels = std::max(levels, height(root, part, fuel - 1, looks));
  if (allows_scalar(schema)) return levels;
  const Json properties = schema.find("properties");
  for (const Json name : schema.find("required").elements()) {
    levels = std::max(levels, 1 + height(root, properties.find(name.string_or("")), fuel - 1, looks));
  }
  if (schema.find("minItems").int_or(0) > 0)
    levels = std::max(levels, 1 + height(root, schema.find("items"), fuel - 1, looks));
  return levels;
}

bool is_only_null(Json schema) {
  return schema.find("type").string_or("") == "null";
}

// Where to begin: not with null, and in the depth with what ends soonest.
std::uint32_t preferred_choice(Json root, Json choices, bool is_deep) {
  std::uint32_t best = 0;
  int best_height = kEndless * 2;
  for (std::uint32_t i = 0; i < choices.size(); ++i) {
    int looks = kMostLooks;
    const int own = is_deep ? height(root, choices.at(i), kLookDown, looks) : is_only_null(choices.at(i)) ? 1 : 0;
    if (own >= best_height) continue;
    best = i;
    best_height = own;
  }
  return best;
}

// What follows from one part and has to hold as well.
Result<SchemaParts> consequences(Json root, Json part, Choices& choices, bool is_deep) {
  SchemaParts more;
  for (const std::string_view keyword : {"$ref", "$recursiveRef"}) {
    const Json ref = part.find(keyword);
    if (!ref.is_string()) continue;
    const Json target = find_ref(root, ref.as_string());
    if (!target) return Error{Errc::BadInput, "$ref \"" + std::string(ref.as_string()) + "\" leads nowhere", {}};
    more.push_back(target);
  }
  if (part.find("$dynamicRef")) return Error{Errc::BadInput, "$dynamicRef is not supported", {}};
  for (const Json one : part.find("allOf").elements()) more.push_back(one);
  for (const std::string_view keyword : {"anyOf", "oneOf"}) {
    const Json options = part.find(keyword);
    if (!options.is_array()) continue;
    if (options.size() == 0) return Error{Errc::BadInput, std::string(keyword) + " has no choices", {}};
    const std::uint32_t first = preferred_choice(root, options, is_deep);
    more.push_back(options.at(choices.take(static_cast<std::uint32_t>(options.size()), first)));
  }
  if (const Json condition = part.find("if")) {
    const bool meets = choices.take(2, 0) == 0;
    if (meets) more.push_back(condition);
    if (const Json then = part.find(meets ? "then" : "else")) more.push_back(then);
  }
  return more;
}

template <class Better>
std::optional<double> extreme(const SchemaParts& parts, std::string_view keyword, Better better) {
  std::optional<double> found;
  for (const Json part : parts) {
    const Json value = part.find(keyword);
    if (value.is_number() && (!found || better(value.as_double(), *found))) found = value.as_double();
  }
  return found;
}

}  // namespace

std::uint32_t Choices::take(std::uint32_t count, std::uint32_t preferred) {
  if (count < 2) return 0;
  any_ = true;
  const std::uint32_t index = (preferred + turn_ % count) % count;
  turn_ /= count;
  return index;
}

Result<SchemaParts> expand(Json root, SchemaParts parts, Choices& choices, bool is_deep) {
  SchemaParts open;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Json part = parts[i];
    if (part.is_bool() && !part.as_bool()) return Error{Errc::BadInput, "the schema false accepts no value", {}};
    if (!part.is_object()) continue;
    open.push_back(part);
    Result<SchemaParts> more = consequences(root, part, choices, is_deep);
    if (!more) return more.error();
    parts.insert(parts.end(), more->begin(), more->end());
    if (parts.size() > kMostParts) return Error{Errc::BadInput, "references that lead in a circle", {}};
  }
  return open;
}

bool needs_trying(const SchemaParts& parts) {
  return std::any_of(parts.begin(), parts.end(), [](Json part) {
    return part.find("not") || part.find("oneOf") || part.find("if") || part.find("maxContains");
  });
}

std::vector<Json> all_of(const SchemaParts& parts, std::string_view keyword) {
  std::vector<Json> found;
  for (const Json part : parts) {
    if (const Json value = part.find(keyword)) found.push_back(value);
  }
  return found;
}

bool has(const SchemaParts& parts, std::string_view keyword) {
  return std::any_of(parts.begin(), parts.end(), [&](Json part) { return static_cast<bool>(part.find(keyword)); });
}

std::optional<double> largest(const SchemaParts& parts, std::string_view keyword) {
  return extreme(parts, keyword, [](double a, double b) { return a > b; });
}

std::optional<double> smallest(const SchemaParts& parts, std::string_view keyword) {
  return extreme(parts, keyword, [](double a, double b) { return a < b; });
}

}  // namespace mimus::server
