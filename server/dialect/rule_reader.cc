// Reading rules from a dialect file. A rule that cannot work (a bound on a string, an unknown shape) is an error here,
// so that checking never meets one.
#include <algorithm>
#include <limits>

#include "api/object_reader.h"
#include "server/dialect/rule.h"
#include "server/dialect/rule_texts.h"
#include "server/dialect/situations.h"

namespace mimus::server {
namespace {

constexpr std::int64_t kMostCount = std::numeric_limits<std::int32_t>::max();

struct TypeName {
  std::string_view name;
  Json::Kind kind;
};
constexpr TypeName kTypeNames[] = {
    {"string", Json::Kind::String}, {"integer", Json::Kind::Integer}, {"number", Json::Kind::Number},
    {"boolean", Json::Kind::Bool},  {"array", Json::Kind::Array},     {"object", Json::Kind::Object},
    {"null", Json::Kind::Null},
};

// "integer|null"; nothing when a name is unknown.
std::optional<Kinds> read_kinds(std::string_view text) {
  Kinds kinds;
  while (true) {
    const std::size_t bar = std::min(text.find('|'), text.size());
    const std::string_view name = text.substr(0, bar);
    const auto* found = std::find_if(std::begin(kTypeNames), std::end(kTypeNames),
                                     [&](const TypeName& type) { return type.name == name; });
    if (found == std::end(kTypeNames)) return std::nullopt;
    kinds.add(found->kind);
    if (found->kind == Json::Kind::Number) kinds.add(Json::Kind::Integer);
    if (bar == text.size()) return kinds;
    text.remove_prefix(bar + 1);
  }
}

// The letters of "^[a-zA-Z0-9_-]+$" or "^[^\\s/]+$"; nothing for any other form.
std::optional<std::bitset<256>> read_letters(std::string_view pattern) {
  if (!pattern.starts_with("^[") || !pattern.ends_with("]+$") || pattern.size() < 6) return std::nullopt;
  std::string_view list = pattern.substr(2, pattern.size() - 5);
  const bool is_negated = list.starts_with('^');
  if (is_negated) list.remove_prefix(1);
  std::bitset<256> letters;
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto first = static_cast<unsigned char>(list[i]);
    if (first == '[' || first == ']') return std::nullopt;
    if (first == '\\') {
      if (++i == list.size()) return std::nullopt;
      if (list[i] == 's') {
        for (const char space : std::string_view(" \t\n\v\f\r")) letters.set(static_cast<unsigned char>(space));
        continue;
      }
      if (list[i] != '\\') return std::nullopt;
      first = '\\';
    }
    auto last = first;
    if (i + 2 < list.size() && list[i + 1] == '-') {
      last = static_cast<unsigned char>(list[i + 2]);
      i += 2;
    }
    if (last < first) return std::nullopt;
    for (unsigned c = first; c <= last; ++c) letters.set(c);
  }
  return is_negated ? ~letters : letters;
}

std::optional<std::size_t> optional_count(ObjectReader& reader, std::string_view key) {
  const std::int64_t count = reader.integer(key, -1, 0, kMostCount);
  if (count < 0) return std::nullopt;
  return static_cast<std::size_t>(count);
}

std::optional<NumberBound> optional_bound(ObjectReader& reader, std::string_view key) {
  const Json value = reader.any(key);
  if (!value) return std::nullopt;
  if (!value.is_number()) reader.fail(key, "expected a number, found " + describe(value));
  return NumberBound{value.double_or(0), to_text(value)};
}

// Reads one rule and those below it into the book.
class Reading {
 public:
  Reading(RuleBook& book, Json shapes, const std::string& shapes_where, UnknownMembers unknown)
      : book_(book), shapes_(shapes), shapes_where_(shapes_where), unknown_(unknown) {}

  const Rule* read(Json json, const std::string& where) {
    if (json.is_string() && json.as_string().starts_with("#")) return shape(json.as_string(), where);
    Rule& rule = book_.rules.emplace_back();
    fill(rule, json, where);
    return &rule;
  }

  // A shape may refer to itself: it is known before it is read.
  const Rule* shape(std::string_view name, const std::string& where) {
    if (const auto found = book_.shapes.find(name); found != book_.shapes.end()) return found->second;
    const std::string key(name.substr(1));
    const Json json = shapes_.find(key);
    Rule& rule = book_.rules.emplace_back();
    book_.shapes.emplace(name, &rule);
    if (json) {
      fill(rule, json, shapes_where_ + "/" + pointer_step(key));
    } else {
      fail(where, "no shape has the name \"" + std::string(name) + "\"");
    }
    return &rule;
  }

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  void fail(const std::string& where, std::string message) {
    if (!error_) error_ = Error{Errc::BadInput, std::move(message), where};
  }

  void fill(Rule& rule, Json json, const std::string& where) {
    if (json.is_string()) {
      const auto kinds = read_kinds(json.as_string());
      if (!kinds) fail(where, "expected types such as \"integer|null\", found " + describe(json));
      if (kinds) rule.kinds = *kinds;
      return;
    }
    ObjectReader reader(json, where);
    read_type(rule, reader);
    read_number(rule, reader);
    read_string(rule, reader);
    read_array(rule, reader);
    read_object(rule, reader);
    read_variants(rule, reader);
    rule.noun = reader.string("noun", "");
    rule.moved_to = reader.string("moved_to", "");
    rule.missing = reader.string("missing", "");
    if (!rule.missing.empty() && find_situation(rule.missing) == nullptr) reader.fail("missing", "unknown situation");
    if (const auto done = reader.finish(); !done && !error_) error_ = done.error();
  }

  static void read_type(Rule& rule, ObjectReader& reader) {
    const Json type = reader.any("type");
    if (!type) return;
    const auto kinds = type.is_string() ? read_kinds(type.as_string()) : std::nullopt;
    if (!kinds) reader.fail("type", "expected types such as \"integer|null\", found " + describe(type));
    if (kinds) rule.kinds = *kinds;
  }

  // A key that needs a kind which the rule does not take would never act.
  static void need(const Rule& rule, ObjectReader& reader, bool is_given, std::string_view key, Json::Kind kind,
                   std::string_view name) {
    if (is_given && !rule.kinds.has(kind)) {
      reader.fail(key, "needs a rule whose type includes " + std::string(name));
    }
  }

  static void read_number(Rule& rule, ObjectReader& reader) {
    rule.min = optional_bound(reader, "min");
    rule.max = optional_bound(reader, "max");
    need(rule, reader, rule.min.has_value(), "min", Json::Kind::Integer, "a number");
    need(rule, reader, rule.max.has_value(), "max", Json::Kind::Integer, "a number");
  }

  static void read_string(Rule& rule, ObjectReader& reader) {
    rule.min_length = optional_count(reader, "min_length").value_or(0);
    rule.max_length = optional_count(reader, "max_length");
    std::vector<std::string> allowed = reader.strings("enum");
    const bool has_enum = !allowed.empty();
    rule.allowed = NameTable(std::move(allowed));
    rule.pattern = reader.string("pattern", "");
    if (!rule.pattern.empty()) {
      rule.letters = read_letters(rule.pattern);
      if (!rule.letters) reader.fail("pattern", "expected \"^[LETTERS]+$\", found \"" + rule.pattern + "\"");
    }
    need(rule, reader, rule.min_length > 0, "min_length", Json::Kind::String, "a string");
    need(rule, reader, rule.max_length.has_value(), "max_length", Json::Kind::String, "a string");
    need(rule, reader, has_enum, "enum", Json::Kind::String, "a string");
    need(rule, reader, rule.letters.has_value(), "pattern", Json::Kind::String, "a string");
  }

  void read_array(Rule& rule, ObjectReader& reader) {
    rule.min_items = optional_count(reader, "min_items").value_or(0);
    rule.max_items = optional_count(reader, "max_items");
    const Json items = reader.any("items");
    if (items) rule.items = read(items, reader.path_of("items"));
    need(rule, reader, rule.min_items > 0, "min_items", Json::Kind::Array, "an array");
    need(rule, reader, rule.max_items.has_value(), "max_items", Json::Kind::Array, "an array");
    need(rule, reader, rule.items != nullptr, "items", Json::Kind::Array, "an array");
  }

  void read_object(Rule& rule, ObjectReader& reader) {
    const Json members = reader.object("members");
    std::vector<std::string> names;
    for (const auto [name, member] : members.members()) {
      names.emplace_back(name);
      rule.member_rules.push_back(read(member, reader.path_of("members") + "/" + pointer_step(name)));
      rule.has_moved_members |= !rule.member_rules.back()->moved_to.empty();
    }
    if (names.size() > kMostMembers) reader.fail("members", "at most 256 members are checked");
    rule.members = NameTable(std::move(names));
    rule.is_open = !members;
    for (const std::string& name : reader.strings("required")) {
      const int index = rule.members.find(name);
      if (index < 0) reader.fail("required", "\"" + name + "\" is not one of the members");
      rule.required.push_back(static_cast<std::size_t>(std::max(index, 0)));
    }
    const std::size_t unknown = reader.one_of("unknown", {"refuse", "refuse_together", "ignore", "suggest"}, 0);
    rule.unknown = unknown_ == UnknownMembers::Ignore ? Unknown::Ignore : static_cast<Unknown>(unknown);
    rule.max_members = optional_count(reader, "max_members");
    rule.max_key_length = optional_count(reader, "max_key_length");
    if (const Json values = reader.any("values")) rule.values = read(values, reader.path_of("values"));
    need(rule, reader, static_cast<bool>(members), "members", Json::Kind::Object, "an object");
    need(rule, reader, rule.max_members.has_value(), "max_members", Json::Kind::Object, "an object");
    need(rule, reader, rule.max_key_length.has_value(), "max_key_length", Json::Kind::Object, "an object");
    need(rule, reader, rule.values != nullptr, "values", Json::Kind::Object, "an object");
  }

  void read_variants(Rule& rule, ObjectReader& reader) {
    rule.by = reader.string("by", "");
    const Json variants = reader.object("variants");
    if (rule.by.empty() != !variants) reader.fail("by", "\"by\" and \"variants\" need each other");
    std::vector<std::string> names;
    for (const auto [name, variant] : variants.members()) {
      names.emplace_back(name);
      rule.variants.push_back(read(variant, reader.path_of("variants") + "/" + pointer_step(name)));
    }
    rule.variant_names = NameTable(std::move(names));
    rule.choice_at_object = reader.one_of("choice_at", {"member", "object"}, 0) == 1;
    if (const std::string name = reader.string("otherwise", ""); !name.empty()) {
      const int index = rule.variant_names.find(name);
      if (index < 0) reader.fail("otherwise", "\"" + name + "\" is not one of the variants");
      if (index >= 0) rule.otherwise = rule.variants[static_cast<std::size_t>(index)];
    }
    need(rule, reader, static_cast<bool>(variants), "variants", Json::Kind::Object, "an object");
    if (variants && !rule.is_open) reader.fail("members", "belong into each of the variants");
  }

  RuleBook& book_;
  Json shapes_;
  const std::string& shapes_where_;
  UnknownMembers unknown_;
  std::optional<Error> error_;
};

}  // namespace

RuleReader::RuleReader(Json shapes, std::string where, UnknownMembers unknown)
    : book_(std::make_shared<RuleBook>()), shapes_(shapes), where_(std::move(where)), unknown_(unknown) {}

RuleReader::~RuleReader() = default;

Result<RequestRules> RuleReader::read(Json json, const std::string& where) {
  if (!json) return RequestRules();
  Reading reading(*book_, shapes_, where_, unknown_);
  const Rule* root = reading.read(json, where);
  if (reading.error()) return *reading.error();
  return RequestRules(book_, root);
}

Result<Done> RuleReader::finish() {
  Reading reading(*book_, shapes_, where_, unknown_);
  for (const auto [name, json] : shapes_.members()) reading.shape("#" + std::string(name), where_);
  if (reading.error()) return *reading.error();
  // Only now are the items of every array known.
  for (Rule& rule : book_->rules) rule.expected = expected_text(rule);
  return Done{};
}

}  // namespace mimus::server
