// Test only: checks a value against the few JSON Schema keywords that fixtures.schema.json uses, so that the schema can
// be compared with the reader. An unknown keyword is a problem, not passed over.
#pragma once

#include <re2/re2.h>

#include <algorithm>
#include <set>
#include <string>

#include "api/json.h"

namespace mimus::server {

class SchemaCheck {
 public:
  explicit SchemaCheck(Json root) : root_(root) {}

  // Where and why `value` does not satisfy `schema`; empty when it does.
  std::string problem(Json schema, Json value, const std::string& where) {
    if (const Json ref = schema.find("$ref"); ref.is_string()) {
      return problem(root_.find_pointer(ref.as_string().substr(1)), value, where);
    }
    for (const auto [keyword, rule] : schema.members()) {
      std::string found = one(keyword, rule, schema, value, where);
      if (!found.empty()) return found;
    }
    return "";
  }

 private:
  std::string one(std::string_view keyword, Json rule, Json schema, Json value, const std::string& where) {
    static const std::set<std::string_view> kSilent = {"$schema", "title", "description", "definitions"};
    const std::string here = where + ": " + std::string(keyword);
    if (kSilent.contains(keyword)) return "";
    if (keyword == "type") return is_type(value, rule.as_string()) ? "" : here;
    if (keyword == "enum") return any(rule, [&](Json one) { return equal(one, value); }) ? "" : here;
    if (keyword == "anyOf") return count(rule, value, where) > 0 ? "" : here;
    if (keyword == "oneOf") return count(rule, value, where) == 1 ? "" : here;
    if (keyword == "required") {
      const auto missing = [&](Json name) { return value.is_object() && !value.find(name.as_string()); };
      return any(rule, missing) ? here : "";
    }
    if (keyword == "properties") return members(schema, value, where);
    if (keyword == "additionalProperties") return schema.find("properties") ? "" : members(schema, value, where);
    if (keyword == "items") return items(rule, value, where);
    if (keyword == "minimum") return value.is_number() && value.as_double() < rule.as_double() ? here : "";
    if (keyword == "maximum") return value.is_number() && value.as_double() > rule.as_double() ? here : "";
    if (keyword == "minItems") return value.is_array() && value.size() < std::size_t(rule.as_int()) ? here : "";
    if (keyword == "maxItems") return value.is_array() && value.size() > std::size_t(rule.as_int()) ? here : "";
    if (keyword == "minProperties") return value.is_object() && value.size() < std::size_t(rule.as_int()) ? here : "";
    if (keyword == "maxLength") return value.string_or("").size() > std::size_t(rule.as_int()) ? here : "";
    if (keyword == "pattern") {
      const bool fits =
          !value.is_string() || re2::RE2::PartialMatch(std::string(value.as_string()), std::string(rule.as_string()));
      return fits ? "" : here;
    }
    return here + " is a keyword that this check does not know";
  }

  static bool is_type(Json value, std::string_view type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_integer();
    if (type == "number") return value.is_number();
    return type == "boolean" && value.is_bool();
  }

  template <class Test>
  static bool any(Json array, Test test) {
    for (const Json element : array.elements()) {
      if (test(element)) return true;
    }
    return false;
  }

  int count(Json schemas, Json value, const std::string& where) {
    int fitting = 0;
    for (const Json schema : schemas.elements()) fitting += problem(schema, value, where).empty() ? 1 : 0;
    return fitting;
  }

  std::string members(Json schema, Json value, const std::string& where) {
    for (const auto [key, member] : value.members()) {
      const std::string place = where + "/" + std::string(key);
      const Json more = schema.find("additionalProperties");
      const Json known = schema.find("properties").find(key);
      if (!known && !more.bool_or(true)) return place + ": unknown";
      const std::string found = problem(known ? known : more, member, place);
      if (!found.empty()) return found;
    }
    return "";
  }

  std::string items(Json schema, Json value, const std::string& where) {
    for (std::size_t i = 0; i < value.size() && value.is_array(); ++i) {
      const std::string found = problem(schema, value.at(i), where + "/" + std::to_string(i));
      if (!found.empty()) return found;
    }
    return "";
  }

  Json root_;
};

inline std::string schema_problem(Json schema, Json value) {
  return SchemaCheck(schema).problem(schema, value, "");
}

}  // namespace mimus::server
