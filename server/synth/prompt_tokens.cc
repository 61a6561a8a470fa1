// What a prompt costs. For plain messages this is the rule of OpenAI's cookbook ("How to count tokens with tiktoken");
// the rest is only partly public, and estimated: tools as in the cookbook's section on function calling, an image as
// one of 1024x1024 in high detail (85 + 4 tiles of 170), a recording as ten seconds, a file as a page.

#include "server/synth/synthesise.h"
#include "server/tokens.h"

namespace mimus::server {
namespace {

constexpr std::int64_t kMessage = 3;
constexpr std::int64_t kRole = 1;
constexpr std::int64_t kName = 1;
constexpr std::int64_t kReplyStart = 3;
constexpr std::int64_t kTool = 7;
constexpr std::int64_t kToolsEnd = 12;
constexpr std::int64_t kImage = 85 + 4 * 170;
constexpr std::int64_t kAudio = 100;
constexpr std::int64_t kFile = 500;

// Every key and every value; brackets and quotes cost nothing, for the model sees another notation.
std::int64_t schema_tokens(Json json) {
  std::int64_t count = 0;
  if (json.is_string()) return count_tokens(json.as_string());
  if (json.is_object()) {
    for (const auto& [key, value] : json.members()) count += count_tokens(key) + schema_tokens(value);
    return count;
  }
  if (json.is_array()) {
    for (const Json element : json.elements()) count += schema_tokens(element);
    return count;
  }
  return json ? 1 : 0;
}

std::int64_t message_tokens(const Message& message) {
  std::int64_t count = kMessage + kRole + count_tokens(message.text);
  if (!message.name.empty()) count += kName + count_tokens(message.name);
  for (const ToolCall& made : message.tool_calls) count += count_tokens(made.name) + count_tokens(made.arguments);
  return count + message.images * kImage + message.audios * kAudio + message.files * kFile;
}

}  // namespace

std::int64_t prompt_tokens(const Call& call) {
  std::int64_t count = kReplyStart;
  for (const Message& message : call.messages) count += message_tokens(message);
  for (const ToolSpec& tool : call.tools) {
    count += kTool + count_tokens(tool.name) + count_tokens(tool.description) + schema_tokens(tool.parameters);
  }
  if (!call.tools.empty()) count += kToolsEnd;
  if (call.format.kind == ResponseFormat::Kind::JsonSchema) count += schema_tokens(call.format.schema);
  return count;
}

}  // namespace mimus::server
