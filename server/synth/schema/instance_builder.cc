#include "server/synth/schema/instance_builder.h"

#include <algorithm>

namespace mimus::server {
namespace {

constexpr int kBudget = 20'000;              // values begun
constexpr std::size_t kMostBytes = 1 << 20;  // of a whole instance
constexpr int kDeep = 4;                     // levels from which on the shortest way out is taken
constexpr int kDeepCost = 8;                 // steps of a choice there: it looks at what each alternative leads to
constexpr int kDeepest = 60;                 // levels
constexpr std::uint32_t kTurns = 36;         // tries of one value whose schema leaves choices

}  // namespace

InstanceBuilder::InstanceBuilder(Json root, std::uint64_t digest, std::uint32_t attempt, const Topics& topics,
                                 Patterns& patterns)
    : root_(root),
      digest_(digest),
      attempt_(attempt),
      rng_(derive(digest, attempt)),
      topics_(topics),
      patterns_(patterns),
      check_(root, patterns),
      budget_(kBudget) {}

bool InstanceBuilder::fail(std::string message) {
  failure_ = {Errc::BadInput, std::move(message), place_};
  return false;
}

bool InstanceBuilder::fits(const SchemaParts& parts, std::string_view text) {
  const auto document = parse_json(text);
  return document &&
         std::all_of(parts.begin(), parts.end(), [&](Json part) { return check_.accepts(part, document->root()); });
}

bool InstanceBuilder::build(const SchemaParts& parts, Slot slot, std::string& out) {
  if (slot.depth > kDeepest)
    return fail("a value nested deeper than " + std::to_string(kDeepest) + " levels is required");
  const std::size_t start = out.size();
  for (std::uint32_t turn = 0; turn < kTurns; ++turn) {
    if (budget_-- <= 0) return fail("no instance was found within " + std::to_string(kBudget) + " steps");
    if (out.size() > kMostBytes)
      return fail("an instance of more than " + std::to_string(kMostBytes) + " bytes is required");
    Choices choices(turn);
    const Result<SchemaParts> open = expand(root_, parts, choices, slot.depth >= kDeep);
    const bool tries = open && needs_trying(*open);
    if (!open) {
      fail(open.error().message);
    } else if (build_open(*open, {slot.name, slot.depth, slot.stray + turn}, turn, choices, out)) {
      if (!tries || fits(parts, std::string_view(out).substr(start))) return true;
      fail("found no value that satisfies not, oneOf, if or maxContains here");
    }
    out.resize(start);
    if (!choices.any() && !tries) return false;
    if (slot.depth >= kDeep) budget_ -= kDeepCost;
  }
  return false;
}

bool InstanceBuilder::build_open(const SchemaParts& open, Slot slot, std::uint32_t turn, Choices& choices,
                                 std::string& out) {
  std::vector<Json> lists = all_of(open, "enum");
  const std::vector<Json> constants = all_of(open, "const");
  if (!constants.empty() || !lists.empty()) {
    if (!constants.empty()) lists.assign(1, constants[0]);
    return build_listed(open, lists, turn, out);
  }
  const std::vector<Type> types = types_of(open, slot.depth >= kDeep);
  if (types.empty()) return fail("no type fits all of the schemas here");
  switch (types[choices.take(static_cast<std::uint32_t>(types.size()), 0)]) {
    case Type::String:
      return build_string(open, slot, out);
    case Type::Number:
      return build_number(open, slot, false, out);
    case Type::Integer:
      return build_number(open, slot, true, out);
    case Type::Boolean:
      return out.append(rng_.one_in(2) ? "true" : "false"), true;
    case Type::Object:
      return build_object(open, slot, turn, out);
    case Type::Array:
      return build_array(open, slot, out);
    case Type::Null:
      return out.append("null"), true;
  }
  return false;
}

// One of the listed values that everything else here accepts, too; null only when nothing else is left.
bool InstanceBuilder::build_listed(const SchemaParts& open, const std::vector<Json>& lists, std::uint32_t turn,
                                   std::string& out) {
  std::vector<Json> good;
  const auto consider = [&](Json value) {
    if (std::all_of(open.begin(), open.end(), [&](Json part) { return check_.accepts(part, value); }))
      good.push_back(value);
  };
  if (has(open, "const")) {
    consider(lists[0]);
  } else {
    for (const Json value : lists[0].elements()) consider(value);
  }
  if (good.empty()) return fail("none of the values in enum or const satisfies the rest of the schema");
  if (const auto null = std::stable_partition(good.begin(), good.end(), [](Json v) { return !v.is_null(); });
      null != good.begin()) {
    good.erase(null, good.end());
  }
  append_text(good[(rng_.below(static_cast<std::uint32_t>(good.size())) + turn) % good.size()], out);
  return true;
}

// The types that all parts allow, the likeliest first. Without `type`, the keywords tell what is meant.
std::vector<InstanceBuilder::Type> InstanceBuilder::types_of(const SchemaParts& open, bool is_deep) {
  static constexpr std::pair<Type, std::string_view> kNames[] = {
      {Type::String, "string"}, {Type::Number, "number"}, {Type::Integer, "integer"}, {Type::Boolean, "boolean"},
      {Type::Object, "object"}, {Type::Array, "array"},   {Type::Null, "null"}};
  static constexpr std::pair<std::string_view, Type> kHints[] = {{"properties", Type::Object},
                                                                 {"required", Type::Object},
                                                                 {"additionalProperties", Type::Object},
                                                                 {"patternProperties", Type::Object},
                                                                 {"minProperties", Type::Object},
                                                                 {"propertyNames", Type::Object},
                                                                 {"dependentRequired", Type::Object},
                                                                 {"items", Type::Array},
                                                                 {"prefixItems", Type::Array},
                                                                 {"contains", Type::Array},
                                                                 {"minItems", Type::Array},
                                                                 {"uniqueItems", Type::Array},
                                                                 {"minimum", Type::Number},
                                                                 {"maximum", Type::Number},
                                                                 {"multipleOf", Type::Number},
                                                                 {"exclusiveMinimum", Type::Number},
                                                                 {"exclusiveMaximum", Type::Number}};

  const auto allows = [](Json part, std::string_view name) {
    const Json type = part.find("type");
    const auto is = [&](Json t) {
      return t.string_or("") == name || (name == "integer" && t.string_or("") == "number");
    };
    if (!type || is(type) || (name == "null" && part.find("nullable").bool_or(false))) return true;
    for (const Json one : type.elements()) {
      if (is(one)) return true;
    }
    return false;
  };
  std::vector<Type> types;
  for (const auto& [type, name] : kNames) {
    const auto allowed = [&, n = name](Json part) { return allows(part, n); };
    if (std::all_of(open.begin(), open.end(), allowed)) types.push_back(type);
  }
  const auto drop = [&](Type type) { types.erase(std::remove(types.begin(), types.end(), type), types.end()); };
  if (std::find(types.begin(), types.end(), Type::Number) != types.end()) drop(Type::Integer);

  for (const auto& [keyword, type] : kHints) {
    const auto hinted = std::find(types.begin(), types.end(), type);
    if (hinted == types.end() || !has(open, keyword)) continue;
    std::rotate(types.begin(), hinted, hinted + 1);
    break;
  }
  const auto is_flat = [](Type type) { return type != Type::Object && type != Type::Array; };
  if (is_deep) std::stable_partition(types.begin(), types.end(), is_flat);
  return types;
}

}  // namespace mimus::server
