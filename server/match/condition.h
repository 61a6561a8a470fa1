// One condition of a fixture's `when`: a field of the Question, and what is expected of it. All conditions of a `when`
// must hold; how many there are is how specific a fixture is. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "api/json.h"
#include "server/match/question.h"
#include "server/match/text_pattern.h"

namespace mimus::server {

enum class Field {
  Endpoint,
  Model,
  LastUser,
  System,
  AnyText,  // the text of any message
  HasToolResult,
  ToolResult,    // the text of any result of the last tool round
  ToolResultOf,  // the tool that one of these results is from
  ToolCallId,    // the call that one of them answers
  Turn,
  OffersTool,
  Header,
  JsonValue,
  Stream,
};

struct OneOf {
  std::vector<std::string> names;
};
struct Equals {
  Json value;  // a view into the document that the fixture was read from
};
struct Exists {
  bool exists = true;
};

struct Condition {
  Field field = Field::Endpoint;
  std::string key;  // the header's name in lower case, or the JSON pointer; empty for other fields
  std::variant<TextPattern, OneOf, Equals, Exists, bool, std::int64_t> expected;
};

bool holds(const Condition& condition, const Question& question);

// Calls `visit` for each text of the question that the field stands for, until it returns true; whether it did.
// `key` is that of a header.
using VisitText = std::function<bool(std::string_view)>;
bool each_text(Field field, std::string_view key, const Question& question, const VisitText& visit);

// For messages: `last_user`, `header x-test-id`, `json /temperature`.
std::string subject_of(const Condition& condition);
// `contains "weather"`, `true`, `one of chat.completions, responses`.
std::string expectation_of(const Condition& condition);

// What the question has instead, for messages. Texts that users or callers wrote are told by their length alone unless
// `show_prompts`; credentials never.
std::string finding_of(const Condition& condition, const Question& question, bool show_prompts);

// The key in a `when` that gives conditions of this field: "last_user".
std::string_view name_of(Field field);

// Headers that carry credentials: never shown, and not available to templates.
bool is_credential_header(std::string_view name);

}  // namespace mimus::server
