#include "server/endpoints/call_members.h"

namespace mimus::server {

std::string text_at(Json object, std::string_view key) {
  return std::string(object.find(key).string_or(""));
}

void add_text(Message& message, std::string_view text) {
  if (!message.text.empty() && !text.empty()) message.text += '\n';
  message.text += text;
}

ResponseFormat read_text_format(Json json, Json described) {
  ResponseFormat format;
  const std::string_view type = json.find("type").string_or("");
  if (type == "json_object") format.kind = ResponseFormat::Kind::JsonObject;
  if (type != "json_schema") return format;
  format.kind = ResponseFormat::Kind::JsonSchema;
  format.name = text_at(described, "name");
  if (const Json schema = described.find("schema"); schema.has_value()) format.schema = schema;
  return format;
}

}  // namespace mimus::server
