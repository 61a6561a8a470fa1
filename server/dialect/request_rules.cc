// Checking. The good path only walks the body: paths and messages are made when something is wrong.
#include "server/dialect/request_rules.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "server/dialect/near_names.h"
#include "server/dialect/rule.h"
#include "server/dialect/rule_texts.h"

namespace mimus::server {
namespace {

// Where a value is, as a chain of frames on the stack.
struct Path {
  const Path* up = nullptr;
  std::string_view key;
  std::ptrdiff_t index = -1;  // of an array element; -1 for a member
};

void append_path(const Path* path, std::string& out) {
  if (path == nullptr) return;
  append_path(path->up, out);
  if (path->index >= 0) {
    out += "[" + std::to_string(path->index) + "]";
  } else {
    if (!out.empty()) out += ".";
    out += echo(path->key);
  }
}

std::string path_text(const Path* path) {
  std::string text;
  append_path(path, text);
  return text;
}

std::string member_path(const Path* parent, std::string_view key) {
  const Path path{parent, key, -1};
  return path_text(&path);
}

// Unicode characters of valid UTF-8: every byte that does not continue a sequence.
std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// An integer that does not fit 64 bits is parsed as a double; it is too large, not of the wrong type.
bool is_huge_integer(Json value) {
  return value.kind() == Json::Kind::Number && std::abs(value.as_double()) >= 9.2e18;
}

// All digits of an integer, also of one that was parsed as a double.
std::string number_text(Json value, bool is_decimal) {
  if (is_decimal || !is_huge_integer(value)) return echo(value);
  char digits[400];
  std::snprintf(digits, sizeof digits, "%.0f", value.as_double());
  return digits;
}

class Checking {
 public:
  // Whether `value` obeys `rule`. If not, the refusal is kept, over one that was kept before.
  bool value(const Rule& rule, Json json, const Path* path) {
    const Json::Kind kind = json.kind();
    if (!rule.kinds.empty() && !rule.kinds.has(kind)) return wrong_kind(rule, json, path);
    switch (kind) {
      case Json::Kind::Integer:
      case Json::Kind::Number:
        return number(rule, json, path);
      case Json::Kind::String:
        return string(rule, json, path);
      case Json::Kind::Array:
        return array(rule, json, path);
      case Json::Kind::Object:
        return object(rule, json, path);
      default:
        return true;
    }
  }

  std::optional<Refusal> take() { return std::move(refusal_); }

 private:
  using Args = std::vector<std::pair<std::string_view, std::string>>;

  bool refuse(std::string_view situation, std::string param, Args more = {}) {
    Refusal& refusal = refusal_.emplace();
    refusal.situation = situation;
    refusal.args = std::move(more);
    refusal.args.emplace_back("param", std::move(param));
    return false;
  }

  bool wrong_kind(const Rule& rule, Json json, const Path* path) {
    if (rule.kinds.has(Json::Kind::Integer) && is_huge_integer(json)) return number(rule, json, path);
    return refuse("invalid_type", path_text(path), {{"expected", rule.expected}, {"found", found_text(json.kind())}});
  }

  bool number(const Rule& rule, Json json, const Path* path) {
    const bool is_decimal = rule.kinds.has(Json::Kind::Number);
    const double found = json.as_double();
    if (rule.max && found > rule.max->value) {
      return refuse(is_decimal ? "decimal_above_max_value" : "integer_above_max_value", path_text(path),
                    {{"limit", rule.max->text}, {"found", number_text(json, is_decimal)}});
    }
    if (rule.min && found < rule.min->value) {
      return refuse(is_decimal ? "decimal_below_min_value" : "integer_below_min_value", path_text(path),
                    {{"limit", rule.min->text}, {"found", number_text(json, is_decimal)}});
    }
    if (!is_decimal && !rule.kinds.empty() && json.kind() != Json::Kind::Integer) {
      const bool is_above = found > 0;
      return refuse(is_above ? "integer_above_max_value" : "integer_below_min_value", path_text(path),
                    {{"limit", is_above ? "9223372036854775807" : "-9223372036854775808"},
                     {"found", number_text(json, is_decimal)}});
    }
    return true;
  }

  bool string(const Rule& rule, Json json, const Path* path) {
    const std::string_view text = json.as_string();
    if (!rule.allowed.empty() && rule.allowed.find(text) < 0) {
      return refuse("invalid_value", path_text(path),
                    {{"value", echo(text)}, {"allowed", quoted_list(rule.allowed.names(), "and")}});
    }
    if (rule.max_length && text.size() > *rule.max_length && characters_in(text) > *rule.max_length) {
      return refuse("string_above_max_length", path_text(path), lengths(*rule.max_length, characters_in(text)));
    }
    if (text.empty() && rule.min_length > 0) {
      return refuse("empty_string", path_text(path), lengths(rule.min_length, 0));
    }
    if (rule.min_length > 1 && characters_in(text) < rule.min_length) {
      return refuse("string_below_min_length", path_text(path), lengths(rule.min_length, characters_in(text)));
    }
    if (rule.letters && !std::all_of(text.begin(), text.end(),
                                     [&](char c) { return rule.letters->test(static_cast<unsigned char>(c)); })) {
      return refuse("string_does_not_match_pattern", path_text(path), {{"pattern", rule.pattern}});
    }
    return true;
  }

  static Args lengths(std::size_t limit, std::size_t found) {
    return {{"limit", std::to_string(limit)}, {"found", std::to_string(found)}};
  }

  bool array(const Rule& rule, Json json, const Path* path) {
    const std::size_t size = json.size();
    if (size < rule.min_items) {
      return refuse(size == 0 ? "empty_array" : "array_below_min_length", path_text(path),
                    lengths(rule.min_items, size));
    }
    if (rule.max_items && size > *rule.max_items) {
      return refuse("array_above_max_length", path_text(path), lengths(*rule.max_items, size));
    }
    if (rule.items == nullptr) return true;
    for (std::size_t i = 0; i < size; ++i) {
      const Path here{path, {}, static_cast<std::ptrdiff_t>(i)};
      if (!value(*rule.items, json.at(i), &here)) return false;
    }
    return true;
  }

  bool object(const Rule& rule, Json json, const Path* path) {
    if (!rule.variants.empty()) return variant(rule, json, path);
    if (!map(rule, json, path)) return false;
    if (rule.is_open) return true;
    return in_place(rule, json, path) && required(rule, json, path) && members(rule, json, path);
  }

  // The rule that the member `by` chooses.
  bool variant(const Rule& rule, Json json, const Path* path) {
    const Json choice = json.find(rule.by);
    if (!choice && rule.otherwise != nullptr) return value(*rule.otherwise, json, path);
    if (!rule.choice_at_object && !choice) return refuse("missing_required_parameter", member_path(path, rule.by));
    if (!rule.choice_at_object && !choice.is_string()) {
      return refuse("invalid_type", member_path(path, rule.by),
                    {{"expected", "one of " + quoted_list(rule.variant_names.names(), "or")},
                     {"found", found_text(choice.kind())}});
    }
    const std::string_view name = choice.string_or("");
    const int index = rule.variant_names.find(name);
    if (index >= 0) return value(*rule.variants[static_cast<std::size_t>(index)], json, path);
    return refuse("invalid_value", rule.choice_at_object ? path_text(path) : member_path(path, rule.by),
                  {{"value", echo(name)}, {"allowed", quoted_list(rule.variant_names.names(), "and")}});
  }

  bool map(const Rule& rule, Json json, const Path* path) {
    if (rule.max_members && json.size() > *rule.max_members) {
      return refuse("object_above_max_properties", path_text(path), lengths(*rule.max_members, json.size()));
    }
    if (!rule.max_key_length && rule.values == nullptr) return true;
    for (const auto [key, member] : json.members()) {
      const Path here{path, key, -1};
      if (rule.max_key_length && key.size() > *rule.max_key_length && characters_in(key) > *rule.max_key_length) {
        return long_key(key, *rule.max_key_length, path, &here);
      }
      if (rule.values != nullptr && !value(*rule.values, member, &here)) return false;
    }
    return true;
  }

  // The message shortens the key, the param has it whole (observed 2026-08-30).
  bool long_key(std::string_view key, std::size_t limit, const Path* parent, const Path* here) {
    Args args = lengths(limit, characters_in(key));
    args.emplace_back("object", path_text(parent));
    args.emplace_back("key", std::string(key.substr(0, first_characters(key, 3))) + "..." +
                                 std::string(key.substr(last_characters(key, 3))));
    return refuse("property_name_above_max_length", path_text(here), std::move(args));
  }

  static std::size_t first_characters(std::string_view text, std::size_t count) {
    std::size_t i = 0;
    for (; i < text.size(); ++i) {
      if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80 && count-- == 0) break;
    }
    return i;
  }

  static std::size_t last_characters(std::string_view text, std::size_t count) {
    std::size_t i = text.size();
    while (i > 0 && count > 0) {
      if ((static_cast<unsigned char>(text[--i]) & 0xC0) != 0x80) --count;
    }
    return i;
  }

  // Members that have another name now.
  bool in_place(const Rule& rule, Json json, const Path* path) {
    if (!rule.has_moved_members) return true;
    for (std::size_t i = 0; i < rule.member_rules.size(); ++i) {
      const Rule& member = *rule.member_rules[i];
      const std::string& name = rule.members.names()[i];
      if (member.moved_to.empty() || !json.find(name)) continue;
      return refuse("parameter_moved", member_path(path, name), {{"instead", member.moved_to}});
    }
    return true;
  }

  bool required(const Rule& rule, Json json, const Path* path) {
    for (const std::size_t index : rule.required) {
      const std::string& name = rule.members.names()[index];
      const std::string& situation = rule.member_rules[index]->missing;
      const Json member = json.find(name);
      if (situation.empty()) {
        if (!member) return refuse("missing_required_parameter", member_path(path, name));
      } else if (!member.has_value() || (member.is_string() && member.as_string().empty())) {
        return refuse(situation, member_path(path, name));
      }
    }
    return true;
  }

  bool unknown(const Rule& rule, std::string_view key, Json json, const Path* path) {
    if (rule.unknown == Unknown::RefuseTogether) return unknown_together(rule, json);
    if (rule.unknown == Unknown::Suggest) return suggest(rule, key, json, path);
    return refuse("unknown_parameter", member_path(path, key));
  }

  bool suggest(const Rule& rule, std::string_view key, Json json, const Path* path) {
    std::vector<std::string> near = near_names(key, rule.members.names());
    std::erase_if(near, [&](const std::string& name) {
      const auto index = static_cast<std::size_t>(rule.members.find(name));
      return json.find(name) || !rule.member_rules[index]->moved_to.empty();
    });
    if (near.empty()) return refuse("unknown_parameter", member_path(path, key));
    return refuse("unknown_parameter_suggest", member_path(path, key), {{"names", quoted_list(near, "or")}});
  }

  bool unknown_together(const Rule& rule, Json json) {
    std::string names;
    int count = 0;
    for (const auto [key, member] : json.members()) {
      if (rule.members.find(key) >= 0) continue;
      if (++count > 1) names += ", ";
      if (names.size() < kLongestEcho) names += echo(key);
    }
    return refuse(count == 1 ? "unrecognized_argument" : "unrecognized_arguments", "", {{"names", echo(names)}});
  }

  // Every member is looked at: one that the rules do not know comes before all faults of others, and of several faults
  // the one that stands first in the rules is kept.
  bool members(const Rule& rule, Json json, const Path* path) {
    int first_bad = static_cast<int>(rule.member_rules.size());
    for (const auto [key, member] : json.members()) {
      const int index = rule.members.find(key);
      if (index < 0 && rule.unknown != Unknown::Ignore) return unknown(rule, key, json, path);
      if (index < 0 || index >= first_bad) continue;
      const Path here{path, key, -1};
      if (!value(*rule.member_rules[static_cast<std::size_t>(index)], member, &here)) first_bad = index;
    }
    return first_bad == static_cast<int>(rule.member_rules.size());
  }

  std::optional<Refusal> refusal_;
};

}  // namespace

std::optional<Refusal> RequestRules::check(Json body) const {
  if (root_ == nullptr) return std::nullopt;
  Checking checking;
  checking.value(*root_, body, nullptr);
  return checking.take();
}

}  // namespace mimus::server
