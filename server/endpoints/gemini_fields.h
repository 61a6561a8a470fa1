// The messages of a Gemini request and their fields, as data: names, types, enumerations. Immutable.
// Source: Google's API definition google/ai/generativelanguage/v1beta (generative_service, content, safety), and the
// fields that Google's GenAI SDK 2.32 sends to it. Server-side tools (search, code execution, ...) are taken as they
// come: mimus does not run them.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace mimus::server {

enum class GeminiKind {
  String,
  Bool,
  Int32,
  Int64,  // in JSON a number or a string
  Double,
  Bytes,  // base64, either alphabet
  Enum,
  Message,
  Open,  // any JSON: google.protobuf.Struct and Value, and messages that mimus does not look into
};

enum class GeminiShape { One, Repeated, Map };

struct GeminiMessage;

struct GeminiEnum {
  std::string_view name;  // "FunctionCallingConfig.Mode"
  std::span<const std::string_view> values;
};

struct GeminiField {
  std::string_view name;  // in camelCase; snake_case is accepted as well
  GeminiKind kind = GeminiKind::String;
  GeminiShape shape = GeminiShape::One;
  const GeminiMessage* message = nullptr;  // Message
  const GeminiEnum* values = nullptr;      // Enum
};

struct GeminiMessage {
  std::string_view name;  // "Content"
  std::span<const GeminiField> fields;
};

const GeminiMessage& generate_content_request();
const GeminiMessage& count_tokens_request();

// Null for a name that the message does not have, in either spelling.
const GeminiField* find_field(const GeminiMessage& message, std::string_view name);

// "system_instruction" for "systemInstruction".
std::string snake_case(std::string_view camel_case);

}  // namespace mimus::server
