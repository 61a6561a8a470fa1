#include "server/encode/error_body.h"

#include <string_view>

#include "api/json_writer.h"
#include "server/encode/chat_members.h"

namespace mimus::server {
namespace {

void append_value(const std::optional<std::string>& value, std::string& out) {
  if (value) {
    append_quoted(*value, out);
  } else {
    out.append("null");
  }
}

// The value of one member; a member that errors do not have is null.
void append_member(const ApiError& error, std::string_view name, std::string& out) {
  if (name == "message") return append_quoted(error.message, out);
  if (name == "type") return append_quoted(error.type, out);
  append_value(name == "param" ? error.param : name == "code" ? error.code : std::nullopt, out);
}

}  // namespace

std::string encode_error(const ApiError& error, std::span<const std::string> members) {
  std::string out = "{\n  \"error\": {";
  for (const std::string& name : members) {
    out.append(&name == members.data() ? "\n    " : ",\n    ");
    append_quoted(name, out);
    out.append(": ");
    append_member(error, name, out);
  }
  out.append("\n  }\n}\n");
  return out;
}

std::string encode_error_line(const ApiError& error, std::span<const std::string> members) {
  std::string out = R"({"error":{)";
  for (const std::string& name : members) {
    if (&name != members.data()) out.push_back(',');
    append_quoted(name, out);
    out.push_back(':');
    append_member(error, name, out);
  }
  out.append("}}");
  return out;
}

std::string encode_google_error(const ApiError& error) {
  std::string out;
  JsonWriter writer(out);
  writer.object().key("error").object();
  writer.member("code", error.status).member("message", error.message).member("status", error.type);
  if (error.code) {
    writer.key("details").array().object().member("@type", "type.googleapis.com/google.rpc.ErrorInfo");
    writer.member("reason", *error.code).member("domain", "googleapis.com").end_object().end_array();
  }
  writer.end_object().end_object();
  return out;
}

std::string encode_error_event(const ApiError& error, std::span<const std::string> members) {
  return "data: " + encode_error_line(error, members) + "\n\n";
}

std::string encode_google_error_event(const ApiError& error) {
  return "data: " + encode_google_error(error) + "\r\n\r\n";
}

std::string encode_response_error_event(const ApiError& error, std::int64_t sequence, ErrorEventShape shape) {
  std::string out = "event: error\ndata: {\"type\":\"error\",";
  if (shape == ErrorEventShape::Nested) {
    out.append(R"("error":{"type":)");
    append_quoted(error.type, out);
    out.append(R"(,"code":)");
    append_value(error.code, out);
    out.append(R"(,"message":)");
    append_quoted(error.message, out);
    out.append(R"(,"param":)");
    append_value(error.param, out);
    out.append(R"(},"sequence_number":)");
  } else {
    out.append(R"("code":)");
    append_value(error.code, out);
    out.append(R"(,"message":)");
    append_quoted(error.message, out);
    out.append(R"(,"param":)");
    append_value(error.param, out);
    out.append(R"(,"sequence_number":)");
  }
  append_integer(sequence, out);
  out.append("}\n\n");
  return out;
}

}  // namespace mimus::server
