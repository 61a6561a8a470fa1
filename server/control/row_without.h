// For tests: a row of fixtures/golden/scripts/*.json without one word of the vocabulary, to see what hangs on it.
#pragma once

#include "api/json_writer.h"

namespace mimus::server {

class RowWithout {
 public:
  enum class Kind { Condition, Test, Member, Part, Directive, Fault };

  // The row without each `name`: a condition of a `when`; a condition that makes the test `name` ("glob"); a member of
  // a fixture or its reply; a member of such a member ("usage.cached_tokens"); a directive, in the header, behind a
  // model and in a reply; a fault among the directives.
  static JsonDocument make(Json row, Kind kind, std::string_view name) {
    RowWithout without(kind, name);
    std::string text;
    JsonWriter json(text);
    without.copy("", row, json);
    return std::move(*parse_json(text));
  }

 private:
  RowWithout(Kind kind, std::string_view name) : kind_(kind), name_(name) {}

  // `role` is the key that a value stands below; elements of a list have that of the list.
  void copy(std::string_view role, Json value, JsonWriter& json) {
    if (value.is_array()) {
      json.array();
      for (const Json element : value.elements()) copy(role, element, json);
      json.end_array();
    } else if (value.is_object()) {
      json.object();
      copy_members(role, value, json);
      json.end_object();
    } else if (value.is_string() && (role == "x-mimus" || role == "directives" || role == "model")) {
      json.string(steered_otherwise(value.as_string()));
    } else {
      json.value(value);
    }
  }

  void copy_members(std::string_view role, Json value, JsonWriter& json) {
    const bool is_reply = role == "reply" || role == "replies";
    for (const auto [key, member] : value.members()) {
      const bool is_member = kind_ == Kind::Member && (role == "fixtures" || is_reply) && key == name_;
      const bool is_condition = kind_ == Kind::Condition && role == "when" && key == name_;
      const bool is_test = kind_ == Kind::Test && (role == "when" || role == "header" || role == "json") &&
                           member.is_object() && member.find(name_);
      if (is_member && role == "fixtures" && name_.starts_with("repl")) json.key("reply").raw("{}");
      const bool is_part = kind_ == Kind::Part && std::string(role) + "." + std::string(key) == name_;
      if (is_member || is_condition || is_test || is_part) continue;
      json.key(key);
      copy(key, member, json);
    }
  }

  [[nodiscard]] std::string steered_otherwise(std::string_view text) const {
    std::string kept;
    while (!text.empty()) {
      const std::string_view one = text.substr(0, text.find(';'));
      text.remove_prefix(std::min(text.size(), one.size() + 1));
      if (!is_omitted(one)) kept.append(kept.empty() ? "" : ";").append(one);
    }
    return kept;
  }

  [[nodiscard]] bool is_omitted(std::string_view directive) const {
    const std::string_view value = directive.substr(std::min(directive.size(), directive.find('=') + 1));
    if (kind_ == Kind::Directive) return directive.substr(0, directive.find('=')) == name_;
    return kind_ == Kind::Fault && directive.starts_with("fault=") && value.substr(0, value.find(':')) == name_;
  }

  Kind kind_;
  std::string_view name_;
};

}  // namespace mimus::server
