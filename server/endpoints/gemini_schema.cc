#include "server/endpoints/gemini_schema.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "api/json_writer.h"
#include "server/dialect/rule_texts.h"

namespace mimus::server {
namespace {

bool lists(Json array, std::string_view name) {
  for (const Json each : array.elements()) {
    if (each.string_or("") == name) return true;
  }
  return false;
}

std::string property_path(const std::string& path, std::string_view name) {
  return path + ".properties[" + echo(name) + "]";
}

std::optional<std::string> object_fault(Json schema, const std::string& path, bool may_be_empty) {
  const Json properties = schema.find("properties");
  const bool is_object = schema.find("type").string_or("") == "OBJECT";
  if (properties && !is_object) return path + ".properties: only allowed for OBJECT type";
  if (schema.find("required") && !is_object) return path + ".required: only allowed for OBJECT type";
  if (is_object && properties && properties.size() == 0 && !may_be_empty) {
    return path + ".properties: should be non-empty for OBJECT type";
  }
  std::size_t index = 0;
  for (const Json name : schema.find("required").elements()) {
    if (!properties.find(name.string_or(""))) {
      return path + ".required[" + std::to_string(index) + "]: property is not defined";
    }
    ++index;
  }
  return std::nullopt;
}

// The members that JSON Schema has under the same name and with the same meaning.
constexpr std::array<std::string_view, 12> kSameMembers = {"title",         "description",   "minItems",  "maxItems",
                                                           "minProperties", "maxProperties", "minLength", "maxLength",
                                                           "pattern",       "required",      "minimum",   "maximum"};
// Formats that say something about the text; int32, float, enum and the like do not.
constexpr std::array<std::string_view, 4> kTextFormats = {"date-time", "date", "time", "duration"};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

void write(Json schema, JsonWriter& json);

void write_type(Json schema, JsonWriter& json) {
  const std::string type = lower(schema.find("type").string_or(""));
  const bool is_nullable = schema.find("nullable").bool_or(false);
  if (!type.empty() && type != "type_unspecified") {
    json.key("type");
    if (is_nullable) {
      json.array().string(type).string("null").end_array();
    } else {
      json.string(type);
    }
  }
  const Json values = schema.find("enum");
  if (values.size() == 0) return;
  json.key("enum").array();
  for (const Json value : values.elements()) json.value(value);
  if (is_nullable) json.null();
  json.end_array();
}

void write_properties(Json schema, JsonWriter& json) {
  const Json properties = schema.find("properties");
  const Json order = schema.find("propertyOrdering");
  if (properties.size() == 0) return;
  json.key("properties").object();
  for (const Json name : order.elements()) {
    if (const Json property = properties.find(name.string_or(""))) {
      json.key(name.as_string());
      write(property, json);
    }
  }
  for (const auto [name, property] : properties.members()) {
    if (lists(order, name)) continue;
    json.key(name);
    write(property, json);
  }
  json.end_object();
}

void write(Json schema, JsonWriter& json) {
  json.object();
  write_type(schema, json);
  for (const std::string_view name : kSameMembers) {
    if (const Json member = schema.find(name)) json.key(name).value(member);
  }
  const std::string_view format = schema.find("format").string_or("");
  if (std::find(kTextFormats.begin(), kTextFormats.end(), format) != kTextFormats.end()) json.member("format", format);
  write_properties(schema, json);
  if (const Json items = schema.find("items")) {
    json.key("items");
    write(items, json);
  }
  if (const Json choices = schema.find("anyOf"); choices.size() > 0) {
    json.key("anyOf").array();
    for (const Json choice : choices.elements()) write(choice, json);
    json.end_array();
  }
  json.end_object();
}

}  // namespace

std::optional<std::string> gemini_schema_fault(Json schema, const std::string& path, bool is_parameters) {
  const std::string_view type = schema.find("type").string_or("");
  if (auto fault = object_fault(schema, path, is_parameters)) return fault;
  if (type == "ARRAY" && !schema.find("items")) return path + ".items: missing field.";
  if (schema.find("enum").size() > 0 && type != "STRING") return path + ".enum: only allowed for STRING type";
  for (const auto [name, property] : schema.find("properties").members()) {
    if (auto fault = gemini_schema_fault(property, property_path(path, name), false)) return fault;
  }
  if (const Json items = schema.find("items")) {
    if (auto fault = gemini_schema_fault(items, path + ".items", false)) return fault;
  }
  std::size_t index = 0;
  for (const Json choice : schema.find("anyOf").elements()) {
    if (auto fault = gemini_schema_fault(choice, path + ".any_of[" + std::to_string(index++) + "]", false))
      return fault;
  }
  return std::nullopt;
}

void append_json_schema(Json schema, std::string& out) {
  JsonWriter json(out);
  write(schema, json);
}

}  // namespace mimus::server
