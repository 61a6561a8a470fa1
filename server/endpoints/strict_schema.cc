#include "server/endpoints/strict_schema.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "server/dialect/rule_texts.h"

namespace mimus::server {
namespace {

// Steps from the root, on the stack.
struct Context {
  const Context* up = nullptr;
  std::string_view step;
  std::ptrdiff_t index = -1;
};

void append_steps(const Context* context, std::string& out, int& count) {
  if (context == nullptr || (context->step.empty() && context->index < 0)) return;
  append_steps(context->up, out, count);
  if (count++ > 0) out += ", ";
  out += context->index >= 0 ? "'" + std::to_string(context->index) + "'" : "'" + echo(context->step) + "'";
}

// A tuple as Python prints it: (), ('a',), ('a', 'b').
std::string in_context(const Context* context) {
  std::string steps;
  int count = 0;
  append_steps(context, steps, count);
  return "In context=(" + steps + (count == 1 ? "," : "") + "), ";
}

bool has_type(Json schema, std::string_view name) {
  const Json type = schema.find("type");
  if (type.is_string()) return type.as_string() == name;
  for (const Json each : type.elements()) {
    if (each.string_or("") == name) return true;
  }
  return false;
}

bool lists(Json array, std::string_view name) {
  for (const Json each : array.elements()) {
    if (each.string_or("") == name) return true;
  }
  return false;
}

std::string not_an_object(Json schema) {
  const Json type = schema.find("type");
  const std::string found = type.is_string() ? echo(type.as_string()) : type.has_value() ? echo(type) : "None";
  return "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"" + found + "\"'.";
}

class Walk {
 public:
  explicit Walk(bool is_strict) : is_strict_(is_strict) {}

  std::optional<std::string> schema(Json json, const Context* context) {
    if (!json.is_object()) return std::nullopt;
    if (auto fault = own(json, context)) return fault;
    for (const std::string_view key : {"properties", "$defs", "definitions"}) {
      const Context here{context, key};
      for (const auto [name, child] : json.find(key).members()) {
        const Context below{&here, name};
        if (auto fault = schema(child, &below)) return fault;
      }
    }
    for (const std::string_view key : {"anyOf", "oneOf", "allOf"}) {
      const Context here{context, key};
      const Json choices = json.find(key);
      for (std::size_t i = 0; choices.is_array() && i < choices.size(); ++i) {
        const Context below{&here, {}, static_cast<std::ptrdiff_t>(i)};
        if (auto fault = schema(choices.at(i), &below)) return fault;
      }
    }
    const Context items{context, "items"};
    return schema(json.find("items"), &items);
  }

 private:
  std::optional<std::string> own(Json json, const Context* context) const {
    if (has_type(json, "array") && !json.find("items") && !json.find("prefixItems")) {
      return in_context(context) + "array schema missing items.";
    }
    if (!is_strict_) return std::nullopt;
    for (const std::string_view key : {"allOf", "oneOf", "not", "if", "dependentRequired", "dependentSchemas"}) {
      if (json.find(key)) return in_context(context) + "'" + std::string(key) + "' is not permitted.";
    }
    const bool is_typed =
        json.find("type") || json.find("$ref") || json.find("anyOf") || json.find("enum") || json.find("const");
    if (!is_typed) return in_context(context) + "schema must have a 'type' key.";
    return has_type(json, "object") ? object(json, context) : std::nullopt;
  }

  static std::optional<std::string> object(Json json, const Context* context) {
    if (json.find("additionalProperties").bool_or(true)) {
      return in_context(context) + "'additionalProperties' is required to be supplied and to be false.";
    }
    const Json properties = json.find("properties");
    const Json required = json.find("required");
    const std::string demand =
        in_context(context) +
        "'required' is required to be supplied and to be an array including every key in properties. ";
    for (const auto [name, child] : properties.members()) {
      if (!lists(required, name)) return demand + "Missing '" + echo(name) + "'.";
    }
    for (const Json name : required.elements()) {
      if (!properties.find(name.string_or(""))) return demand + "Extra required key '" + echo(name) + "' supplied.";
    }
    return std::nullopt;
  }

  bool is_strict_;
};

}  // namespace

std::optional<std::string> strict_schema_fault(Json schema) {
  if (!has_type(schema, "object")) return not_an_object(schema);
  return Walk(true).schema(schema, nullptr);
}

std::optional<std::string> function_schema_fault(Json schema) {
  if (schema.size() == 0) return std::nullopt;
  if (!has_type(schema, "object")) return not_an_object(schema);
  return Walk(false).schema(schema, nullptr);
}

}  // namespace mimus::server
