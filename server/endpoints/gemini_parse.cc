#include "server/endpoints/gemini_parse.h"

#include <cmath>
#include <limits>
#include <optional>

#include "api/header.h"
#include "api/json_writer.h"
#include "server/dialect/rule_texts.h"

namespace mimus::server {
namespace {

constexpr std::string_view kPackage = "type.googleapis.com/google.ai.generativelanguage.v1beta.";

// The number that `json` means; nothing when it is none. proto3 JSON writes 64-bit numbers as strings.
std::optional<double> number_of(Json json) {
  if (json.is_number()) return json.as_double();
  if (!json.is_string() || json.as_string().empty() || json.as_string().size() > 64) return std::nullopt;
  const std::string_view text = json.as_string();
  const auto value = parse_json(text);
  if (!value || !value->root().is_number()) return std::nullopt;
  return value->root().as_double();
}

std::optional<std::int64_t> integer_of(Json json, GeminiKind kind) {
  const auto value = json.is_integer() ? std::optional<double>(json.as_double()) : number_of(json);
  const double most = kind == GeminiKind::Int32 ? std::numeric_limits<std::int32_t>::max() : 9.0e18;
  if (!value || std::trunc(*value) != *value || std::abs(*value) > most) return std::nullopt;
  return json.is_integer() ? json.as_int() : static_cast<std::int64_t>(*value);
}

// The value of an enumeration in capitals; empty for an unknown one.
std::string_view enum_value(Json json, const GeminiEnum& values) {
  if (json.is_integer() && json.as_int() >= 0 && json.as_int() < static_cast<std::int64_t>(values.values.size())) {
    return values.values[static_cast<std::size_t>(json.as_int())];
  }
  for (const std::string_view value : values.values) {
    if (json.is_string() && equal_ignoring_case(value, json.as_string())) return value;
  }
  return {};
}

bool is_bool_text(Json json) {
  return json.is_string() && (json.as_string() == "true" || json.as_string() == "false");
}

bool is_base64(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  for (const char c : text) {
    const bool is_digit = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!is_digit && c != '+' && c != '/' && c != '-' && c != '_') return false;
  }
  return text.size() % 4 != 1;
}

std::string_view type_name(GeminiKind kind) {
  switch (kind) {
    case GeminiKind::Bool:
      return "TYPE_BOOL";
    case GeminiKind::Int32:
      return "TYPE_INT32";
    case GeminiKind::Int64:
      return "TYPE_INT64";
    case GeminiKind::Double:
      return "TYPE_FLOAT";
    case GeminiKind::Bytes:
      return "TYPE_BYTES";
    default:
      return "TYPE_STRING";
  }
}

// A string in quotes with its escapes, so that it stays on one line; all else as JSON.
std::string shown(Json value) {
  if (!value.is_string()) return echo(value);
  std::string out = "\"";
  append_escaped(echo(value.as_string()), out);
  return out + "\"";
}

std::string below(const std::string& path, std::string_view name) {
  return (path.empty() ? "" : path + ".") + snake_case(name);
}

// Collects what is wrong, and finds out whether the body needs rewriting.
class Checking {
 public:
  void message(Json json, const GeminiMessage& type, const std::string& path) {
    for (const auto [key, value] : json.members()) {
      const GeminiField* found = find_field(type, key);
      if (found == nullptr) {
        unknown(key, path, "Cannot find field.");
        continue;
      }
      is_canonical_ = is_canonical_ && key == found->name && !value.is_null();
      if (!value.is_null()) field(value, *found, path);
    }
  }

  [[nodiscard]] bool is_fine() const { return count_ == 0; }
  [[nodiscard]] bool is_canonical() const { return is_canonical_; }

  ApiError take() {
    ApiError error = invalid_argument(std::move(messages_));
    error.param = std::move(fields_);
    return error;
  }

 private:
  void field(Json json, const GeminiField& field, const std::string& parent) {
    const std::string path = below(parent, field.name);
    if (field.shape == GeminiShape::Map) return map(json, field, path);
    if (field.shape == GeminiShape::Repeated && json.is_array()) {
      for (std::size_t i = 0; i < json.size(); ++i) value(json.at(i), field, path + "[" + std::to_string(i) + "]");
      return;
    }
    if (field.shape == GeminiShape::Repeated) is_canonical_ = false;  // a list of one
    if (json.is_array() && field.kind != GeminiKind::Open) {
      return unknown(snake_case(field.name), parent, "Proto field is not repeating, cannot start list.");
    }
    value(json, field, path);
  }

  void map(Json json, const GeminiField& field, const std::string& path) {
    if (!json.is_object()) return invalid(path, std::string(kPackage) + "Schema.PropertiesEntry", shown(json));
    std::size_t index = 0;
    for (const auto [key, member] : json.members()) {
      value(member, field, path + "[" + std::to_string(index++) + "].value");
    }
  }

  void value(Json json, const GeminiField& field, const std::string& path) {
    switch (field.kind) {
      case GeminiKind::Open:
        return;
      case GeminiKind::Message:
        if (json.is_object()) return message(json, *field.message, path);
        return invalid(path, std::string(kPackage) + std::string(field.message->name), shown(json));
      case GeminiKind::Enum:
        is_canonical_ = is_canonical_ && enum_value(json, *field.values) == json.string_or("");
        if (enum_value(json, *field.values).empty()) {
          invalid(path, std::string(kPackage) + std::string(field.values->name), shown(json));
        }
        return;
      default:
        return scalar(json, field.kind, path);
    }
  }

  void scalar(Json json, GeminiKind kind, const std::string& path) {
    if (json.is_object()) {
      return invalid(path, type_name(kind), "Starting an object on a scalar field");
    }
    bool is_fine = json.is_string();
    if (kind == GeminiKind::Bool) {
      is_fine = json.is_bool() || is_bool_text(json);
      is_canonical_ = is_canonical_ && json.is_bool();
    } else if (kind == GeminiKind::Int32 || kind == GeminiKind::Int64) {
      is_fine = integer_of(json, kind).has_value();
      is_canonical_ = is_canonical_ && json.is_integer();
    } else if (kind == GeminiKind::Double) {
      is_fine = number_of(json).has_value();
      is_canonical_ = is_canonical_ && json.is_number();
    } else if (kind == GeminiKind::Bytes && is_fine && !is_base64(json.as_string())) {
      return invalid(path, type_name(kind), "Base64 decoding failed for " + shown(json));
    }
    if (!is_fine) invalid(path, type_name(kind), shown(json));
  }

  void unknown(std::string_view name, const std::string& path, std::string_view why) {
    std::string message = "Invalid JSON payload received. Unknown name \"";
    append_escaped(echo(name), message);
    message += path.empty() ? "\"" : "\" at '" + path + "'";
    add(path, message + ": " + std::string(why));
  }

  void invalid(const std::string& path, std::string_view type, const std::string& found) {
    add(path, "Invalid value at '" + path + "' (" + std::string(type) + "), " + found);
  }

  void add(const std::string& path, const std::string& message) {
    if (++count_ > kMostViolations) return;
    if (count_ > 1) {
      fields_ += '\n';
      messages_ += '\n';
    }
    fields_ += path;
    messages_ += message;
  }

  std::string fields_;    // one a line
  std::string messages_;  // one a line
  std::size_t count_ = 0;
  bool is_canonical_ = true;
};

// Writes a body that was found fine.
class Writing {
 public:
  explicit Writing(std::string& out) : json_(out) {}

  void message(Json json, const GeminiMessage& type) {
    json_.object();
    for (const auto [key, value] : json.members()) {
      const GeminiField* found = find_field(type, key);
      if (found == nullptr || value.is_null()) continue;
      json_.key(found->name);
      field(value, *found);
    }
    json_.end_object();
  }

 private:
  void field(Json json, const GeminiField& field) {
    if (field.shape == GeminiShape::One) return value(json, field);
    if (field.shape == GeminiShape::Map) {
      json_.object();
      for (const auto [key, member] : json.members()) {
        json_.key(key);
        value(member, field);
      }
      json_.end_object();
      return;
    }
    json_.array();
    if (!json.is_array()) value(json, field);
    for (const Json element : json.elements()) value(element, field);
    json_.end_array();
  }

  void value(Json json, const GeminiField& field) {
    if (field.kind == GeminiKind::Message) {
      message(json, *field.message);
    } else if (field.kind == GeminiKind::Enum) {
      json_.string(enum_value(json, *field.values));
    } else if (field.kind == GeminiKind::Bool) {
      json_.boolean(json.bool_or(json.string_or("") == "true"));
    } else if (field.kind == GeminiKind::Int32 || field.kind == GeminiKind::Int64) {
      json_.integer(integer_of(json, field.kind).value_or(0));
    } else if (field.kind == GeminiKind::Double && json.is_string()) {
      json_.number(number_of(json).value_or(0));
    } else {
      json_.value(json);
    }
  }

  JsonWriter json_;
};

}  // namespace

ApiError invalid_argument(std::string message) {
  return {400, std::move(message), "INVALID_ARGUMENT", {}, {}, {}};
}

Result<JsonDocument, ApiError> parse_gemini(std::string_view body, const GeminiMessage& type) {
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) body = "{}";
  auto document = parse_json(body);
  if (!document) return ApiError{400, "", "INVALID_ARGUMENT", {}, {}, {}};
  const Json root = document->root();
  if (!root.is_object()) {
    ApiError error =
        invalid_argument("Invalid JSON payload received. Unknown name \"\": Root element must be a message.");
    error.param = "";
    return error;
  }
  Checking checking;
  checking.message(root, type, "");
  if (!checking.is_fine()) return checking.take();
  if (checking.is_canonical()) return std::move(*document);
  std::string text;
  Writing(text).message(root, type);
  auto canonical = parse_json(text);
  if (!canonical) return ApiError{400, "", "INVALID_ARGUMENT", {}, {}, {}};
  return std::move(*canonical);
}

}  // namespace mimus::server
