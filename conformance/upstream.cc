#include "conformance/upstream.h"

#include "api/json_writer.h"
#include "conformance/client/recording.h"
#include "conformance/client/utf8.h"
#include "conformance/run/form.h"

namespace mimus::conformance {
namespace {

std::string hex_of(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex += kDigits[byte >> 4U];
    hex += kDigits[byte & 15U];
  }
  return hex;
}

std::string as_text(std::string_view bytes) {
  std::string text(bytes);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  }
  return text;
}

void write_call(const UpstreamCall& call, JsonWriter& json) {
  json.object().member("method", as_text(call.method)).member("path", as_text(call.path)).key("headers").array();
  for (const Header& header : call.headers) {
    json.array().string(as_text(header.name)).string(as_text(header.value)).end_array();
  }
  json.end_array();
  if (find_invalid_utf8(call.body)) {
    json.member("body_hex", hex_of(call.body));
  } else {
    json.member("body", call.body);
  }
  json.member("status", call.status).member("ended", call.ended);
  json.member("arrived_us", static_cast<std::int64_t>(call.arrived.count()));
  json.member("over_us", static_cast<std::int64_t>(call.over.count())).end_object();
}

}  // namespace

std::string upstream_text(const std::vector<UpstreamCall>& calls) {
  std::string out;
  JsonWriter json(out);
  json.array();
  for (const UpstreamCall& call : calls) write_call(call, json);
  json.end_array();
  return out;
}

std::vector<UpstreamCall> read_upstream(Json calls) {
  std::vector<UpstreamCall> list;
  for (const Json json : calls.elements()) {
    UpstreamCall call;
    call.method = json.find("method").string_or("");
    call.path = json.find("path").string_or("");
    for (const Json header : json.find("headers").elements()) {
      call.headers.push_back({std::string(header.at(0).string_or("")), std::string(header.at(1).string_or(""))});
    }
    const std::string hex(json.find("body_hex").string_or(""));
    call.body = is_hex(hex) && !hex.empty() ? bytes_of_hex(hex) : std::string(json.find("body").string_or(""));
    call.status = static_cast<int>(json.find("status").int_or(0));
    call.ended = json.find("ended").string_or("open");
    call.arrived = std::chrono::microseconds(json.find("arrived_us").int_or(0));
    call.over = std::chrono::microseconds(json.find("over_us").int_or(0));
    list.push_back(std::move(call));
  }
  return list;
}

void redact(UpstreamCall& call, std::string_view key) {
  if (key.size() < kShortestSecret) return;
  replace_all(call.path, key, kRedacted);
  replace_all(call.body, key, kRedacted);
  for (Header& header : call.headers) replace_all(header.value, key, kRedacted);
}

std::string told(const std::vector<UpstreamCall>& calls) {
  const auto milliseconds = [](std::chrono::microseconds time) { return std::to_string(time.count() / 1000) + " ms"; };
  std::string text = "upstream\n";
  for (const UpstreamCall& call : calls) {
    text += "after " + milliseconds(call.arrived) + ": " + call.method + " " + call.path + ", ";
    text += call.ended == "open" ? "still being answered\n"
                                 : "HTTP " + std::to_string(call.status) + ", " + call.ended + " after " +
                                       milliseconds(call.over) + "\n";
  }
  return calls.empty() ? text : text + "\n" + calls.front().body;
}

std::string wrong_upstream_path(const UpstreamCall& call) {
  return "the upstream was asked for " + call.path +
         ", which it does not have: does the gateway's route end in a base path such as /v1?";
}

std::string no_upstream_call(int port) {
  return "no request reached the upstream on port " + std::to_string(port) + ": is the gateway's route pointed at it?";
}

}  // namespace mimus::conformance
