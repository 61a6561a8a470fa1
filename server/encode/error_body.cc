#include "server/encode/error_body.h"

#include <algorithm>
#include <array>
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

struct GoogleCode {
  std::string_view name;
  int http;
};

// Where several names share a status, the first is the usual one.
constexpr std::array<GoogleCode, 16> kGoogleCodes = {{{"INVALID_ARGUMENT", 400},
                                                      {"FAILED_PRECONDITION", 400},
                                                      {"OUT_OF_RANGE", 400},
                                                      {"UNAUTHENTICATED", 401},
                                                      {"PERMISSION_DENIED", 403},
                                                      {"NOT_FOUND", 404},
                                                      {"ABORTED", 409},
                                                      {"ALREADY_EXISTS", 409},
                                                      {"RESOURCE_EXHAUSTED", 429},
                                                      {"CANCELLED", 499},
                                                      {"INTERNAL", 500},
                                                      {"UNKNOWN", 500},
                                                      {"DATA_LOSS", 500},
                                                      {"UNIMPLEMENTED", 501},
                                                      {"UNAVAILABLE", 503},
                                                      {"DEADLINE_EXCEEDED", 504}}};

bool is_google_code(std::string_view name) {
  return std::any_of(kGoogleCodes.begin(), kGoogleCodes.end(),
                     [&](const GoogleCode& code) { return code.name == name; });
}

std::string_view retry_after(const ApiError& error) {
  for (const Header& header : error.headers) {
    if (equal_ignoring_case(header.name, "retry-after")) return header.value;
  }
  return {};
}

// The first line of `text`, which is cut off its front.
std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

void write_violations(std::string_view fields, std::string_view message, JsonWriter& writer) {
  const bool is_one = fields.find('\n') == std::string_view::npos;
  writer.object().member("@type", "type.googleapis.com/google.rpc.BadRequest").key("fieldViolations").array();
  do {
    const std::string_view field = take_line(fields);
    writer.object();
    if (!field.empty()) writer.member("field", field);
    writer.member("description", is_one ? message : take_line(message)).end_object();
  } while (!message.empty() && !is_one);
  writer.end_array().end_object();
}

void write_google_details(const ApiError& error, JsonWriter& writer) {
  const std::string_view delay = retry_after(error);
  if (!error.code && !error.param && delay.empty()) return;
  writer.key("details").array();
  if (error.code) {
    writer.object().member("@type", "type.googleapis.com/google.rpc.ErrorInfo").member("reason", *error.code);
    writer.member("domain", "googleapis.com").end_object();
  }
  if (error.param) write_violations(*error.param, error.message, writer);
  if (!delay.empty()) {
    writer.object().member("@type", "type.googleapis.com/google.rpc.RetryInfo");
    writer.member("retryDelay", std::string(delay) + "s").end_object();
  }
  writer.end_array();
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

std::string_view google_status_of(int http_status) {
  for (const GoogleCode& code : kGoogleCodes) {
    if (code.http == http_status) return code.name;
  }
  return http_status >= 500 ? "INTERNAL" : http_status >= 400 ? "FAILED_PRECONDITION" : "UNKNOWN";
}

std::string encode_google_error(const ApiError& error) {
  std::string out;
  JsonWriter writer(out);
  writer.object().key("error").object();
  writer.member("code", error.status).member("message", error.message);
  writer.member("status", is_google_code(error.type) ? std::string_view(error.type) : google_status_of(error.status));
  write_google_details(error, writer);
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
