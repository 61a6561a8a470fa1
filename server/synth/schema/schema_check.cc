#include "server/synth/schema/schema_check.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "api/json_writer.h"
#include "server/char_class.h"
#include "server/synth/schema/format.h"
#include "server/synth/schema/schema_refs.h"

namespace mimus::server {
namespace {

constexpr int kMaxSteps = 100'000;
constexpr int kMaxDepth = 200;  // of schemas within each other: a circle of references ends here

bool type_fits(Json schema, Json value) {
  const Json type = schema.find("type");
  if (!type) return true;
  if (value.is_null() && schema.find("nullable").bool_or(false)) return true;
  if (type.is_string()) return is_of_type(value, type.as_string());
  for (const Json one : type.elements()) {
    if (is_of_type(value, one.string_or(""))) return true;
  }
  return false;
}

bool is_listed(Json values, Json value) {
  for (const Json listed : values.elements()) {
    if (equal(listed, value)) return true;
  }
  return false;
}

// Whether `count` lies between the members `least` and `most` of the schema.
bool count_fits(Json schema, std::string_view least, std::string_view most, std::size_t count) {
  const auto number = static_cast<double>(count);
  return number >= schema.find(least).double_or(0) && number <= schema.find(most).double_or(number);
}

}  // namespace

bool is_multiple(double value, double step) {
  const double quotient = value / step;
  return quotient == std::trunc(quotient) && std::fabs(quotient) < 1e15;
}

bool is_of_type(Json value, std::string_view type) {
  if (type == "string") return value.is_string();
  if (type == "number") return value.is_number();
  if (type == "integer") return value.is_number() && value.as_double() == std::trunc(value.as_double());
  if (type == "boolean") return value.is_bool();
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  return type == "null" && value.is_null();
}

bool SchemaCheck::matches(std::string_view pattern, std::string_view text) {
  const Result<Pattern>& parsed = patterns_[pattern];
  return parsed && parsed->matches(text);
}

bool SchemaCheck::accepts(Json schema, Json value) {
  if (schema.is_bool()) return schema.as_bool();
  if (!schema.is_object()) return true;
  if (depth_ >= kMaxDepth || ++steps_ > kMaxSteps) return false;
  ++depth_;
  bool good = type_fits(schema, value) && accepts_combined(schema, value);
  if (const Json constant = schema.find("const"); good && constant) good = equal(constant, value);
  if (const Json values = schema.find("enum"); good && values) good = is_listed(values, value);
  if (good && value.is_number()) good = accepts_number(schema, value);
  if (good && value.is_string()) good = accepts_string(schema, value.as_string());
  if (good && value.is_array()) good = accepts_array(schema, value);
  if (good && value.is_object()) good = accepts_object(schema, value);
  --depth_;
  return good;
}

bool SchemaCheck::accepts_combined(Json schema, Json value) {
  if (const Json ref = schema.find("$ref"); ref.is_string()) {
    const Json target = find_ref(root_, ref.as_string());
    if (!target || !accepts(target, value)) return false;
  }
  for (const Json part : schema.find("allOf").elements()) {
    if (!accepts(part, value)) return false;
  }
  const auto count = [&](Json choices) {
    std::size_t accepting = 0;
    for (const Json choice : choices.elements()) accepting += accepts(choice, value) ? 1U : 0U;
    return accepting;
  };
  if (const Json any = schema.find("anyOf"); any.is_array() && count(any) == 0) return false;
  if (const Json one = schema.find("oneOf"); one.is_array() && count(one) != 1) return false;
  if (const Json wrong = schema.find("not"); wrong && accepts(wrong, value)) return false;
  if (const Json condition = schema.find("if")) {
    return accepts(schema.find(accepts(condition, value) ? "then" : "else"), value);
  }
  return true;
}

bool SchemaCheck::accepts_number(Json schema, Json json) const {
  const double value = json.as_double();
  const double low = schema.find("minimum").double_or(value);
  const double high = schema.find("maximum").double_or(value);
  if (value < low || value > high) return false;
  const Json above = schema.find("exclusiveMinimum");
  const Json below = schema.find("exclusiveMaximum");
  if (above.bool_or(false) ? value == low && schema.find("minimum") : above.is_number() && value <= above.as_double()) {
    return false;
  }
  if (below.bool_or(false) ? value == high && schema.find("maximum")
                           : below.is_number() && value >= below.as_double()) {
    return false;
  }
  const Json step = schema.find("multipleOf");
  return !step.is_number() || is_multiple(value, step.as_double());
}

bool SchemaCheck::accepts_string(Json schema, std::string_view text) {
  if (!count_fits(schema, "minLength", "maxLength", count_chars(text))) return false;
  if (const Json pattern = schema.find("pattern"); pattern.is_string() && !matches(pattern.as_string(), text))
    return false;
  const Json format = schema.find("format");
  return !format.is_string() || fits_format(format.as_string(), text);
}

bool SchemaCheck::accepts_array(Json schema, Json value) {
  if (!count_fits(schema, "minItems", "maxItems", value.size())) return false;
  const Json items = schema.find("items");
  const Json first = items.is_array() ? items : schema.find("prefixItems");
  const Json rest = items.is_array() ? schema.find("additionalItems") : items;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (!accepts(i < first.size() ? first.at(i) : rest, value.at(i))) return false;
    if (!schema.find("uniqueItems").bool_or(false)) continue;
    for (std::size_t k = 0; k < i; ++k) {
      if (equal(value.at(i), value.at(k))) return false;
    }
  }
  const Json wanted = schema.find("contains");
  if (!wanted) return true;
  std::size_t found = 0;
  for (const Json element : value.elements()) found += accepts(wanted, element) ? 1U : 0U;
  const double least = schema.find("minContains").double_or(1);
  const double most = schema.find("maxContains").double_or(static_cast<double>(found));
  return static_cast<double>(found) >= least && static_cast<double>(found) <= most;
}

bool SchemaCheck::accepts_object(Json schema, Json value) {
  if (!count_fits(schema, "minProperties", "maxProperties", value.size())) return false;
  for (const Json name : schema.find("required").elements()) {
    if (name.is_string() && !value.find(name.as_string())) return false;
  }
  return accepts_members(schema, value) && accepts_dependencies(schema, value);
}

bool SchemaCheck::accepts_key(Json schema, std::string_view key) {
  std::string text;
  JsonWriter(text).string(key);
  const auto document = parse_json(text);
  return document && accepts(schema, document->root());
}

bool SchemaCheck::accepts_members(Json schema, Json value) {
  const Json properties = schema.find("properties");
  const Json patterns = schema.find("patternProperties");
  const Json names = schema.find("propertyNames");
  for (const auto& [key, member] : value.members()) {
    if (names && !accepts_key(names, key)) return false;
    const Json declared = properties.find(key);
    bool known = static_cast<bool>(declared);
    if (known && !accepts(declared, member)) return false;
    for (const auto& [pattern, rule] : patterns.members()) {
      if (!matches(pattern, key)) continue;
      known = true;
      if (!accepts(rule, member)) return false;
    }
    if (!known && !accepts(schema.find("additionalProperties"), member)) return false;
  }
  return true;
}

bool SchemaCheck::accepts_dependencies(Json schema, Json value) {
  for (const std::string_view keyword : {"dependentRequired", "dependentSchemas", "dependencies"}) {
    for (const auto& [key, needed] : schema.find(keyword).members()) {
      if (!value.find(key)) continue;
      for (const Json name : needed.elements()) {
        if (name.is_string() && !value.find(name.as_string())) return false;
      }
      if (!needed.is_array() && !accepts(needed, value)) return false;
    }
  }
  return true;
}

}  // namespace mimus::server
