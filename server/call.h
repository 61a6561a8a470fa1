// What was asked, vendor-neutral: one Call for chat, Responses, legacy completions and Gemini alike.
// Built by the endpoints from a request that passed the dialect's rules; read by matchers, synthesis and encoders.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/json.h"
#include "server/clock.h"

namespace mimus::server {

enum class Role { System, Developer, User, Assistant, Tool, Function };

// A call of a tool by the model, as it stands in a conversation or in a Reply.
struct ToolCall {
  std::string id;  // "call_..."; empty for the legacy function_call
  std::string name;
  std::string arguments;  // JSON text of an object; for a custom tool the free text
  bool is_custom = false;
};

struct Message {
  Role role = Role::User;
  std::string text;                  // the text of all its parts, joined with newlines
  std::string name;                  // empty when not given
  std::string tool_call_id;          // Role::Tool only
  std::vector<ToolCall> tool_calls;  // Role::Assistant only
  int images = 0;                    // parts that are not text, counted for usage
  int audios = 0;
  int files = 0;
};

// A tool that the caller offers. `parameters` is a view into the Call's body; Missing means any object.
struct ToolSpec {
  std::string name;
  std::string description;
  Json parameters;
  bool is_strict = false;
  bool is_custom = false;
};

struct ToolChoice {
  enum class Mode {
    None,      // no tool may be called
    Auto,      // the model decides
    Required,  // at least one call
    Named,     // exactly `name`
  };
  Mode mode = Mode::Auto;
  std::string name;                  // Named
  std::vector<std::string> allowed;  // not empty: only these ("allowed_tools")
};

struct ResponseFormat {
  enum class Kind { Text, JsonObject, JsonSchema };
  Kind kind = Kind::Text;
  std::string name;  // JsonSchema
  Json schema;       // JsonSchema; a view into the Call's body; Missing means any value
};

// Directives that ride in a header or behind the model name are already taken apart when a Call exists.
struct Call {
  std::string operation;  // "chat.completions", as the dialect names the endpoint
  std::string model;      // the bare name as asked
  std::string snapshot;   // the name that the reply shows
  std::vector<Message> messages;
  std::vector<ToolSpec> tools;
  ToolChoice tool_choice;
  bool parallel_tool_calls = true;
  bool legacy_functions = false;  // `functions`/`function_call` were used: answer in kind
  ResponseFormat format;
  int n = 1;
  std::optional<std::int64_t> max_tokens;
  std::optional<std::int64_t> tokens;  // how long the reply shall be before it is cut; nothing: a natural length
  std::vector<std::string> stop;
  std::optional<std::int64_t> seed;
  bool logprobs = false;
  int top_logprobs = 0;
  bool stream = false;
  bool include_usage = false;                // a usage chunk at the end of the stream
  bool include_obfuscation = true;           // pad chunks, where the dialect does
  std::string service_tier;                  // as asked; empty when not given
  std::string api_key;                       // names the test or the limit bucket; never logged
  std::shared_ptr<const JsonDocument> body;  // the parsed request; views in here point into it
};

}  // namespace mimus::server
