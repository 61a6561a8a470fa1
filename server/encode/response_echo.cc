#include <algorithm>
#include <array>
#include <string_view>

#include "api/json_writer.h"
#include "server/encode/response_frame.h"

namespace mimus::server {
namespace {

// Which values a member takes from the request, and what it is without one.
struct EchoRow {
  std::string_view name;
  bool (*accepts)(Json);
  std::string_view fallback;
};

bool is_text(Json json) {
  return json.is_string();
}
bool is_count(Json json) {
  return json.is_integer();
}
bool is_flag(Json json) {
  return json.is_bool();
}
bool is_map(Json json) {
  return json.is_object();
}
bool is_text_or_list(Json json) {
  return json.is_string() || json.is_array();
}
bool is_text_or_map(Json json) {
  return json.is_string() || json.is_object();
}

constexpr std::array<EchoRow, 3> kLimits{{
    {"instructions", is_text_or_list, "null"},
    {"max_output_tokens", is_count, "null"},
    {"max_tool_calls", is_count, "null"},
}};
constexpr std::array<EchoRow, 4> kLinks{{
    {"parallel_tool_calls", is_flag, "true"},
    {"previous_response_id", is_text, "null"},
    {"prompt_cache_key", is_text, "null"},
    {"prompt_cache_retention", is_text, "null"},
}};
constexpr std::array<EchoRow, 1> kToolChoice{{{"tool_choice", is_text_or_map, R"("auto")"}}};
constexpr std::array<EchoRow, 1> kTopLogprobs{{{"top_logprobs", is_count, "0"}}};
// Source of both: recorded replies of 2025 and 2026.
constexpr std::array<EchoRow, 4> kFunction{{
    {"description", is_text, "null"},
    {"name", is_text, R"("")"},
    {"parameters", is_map, "null"},
    {"strict", is_flag, "true"},
}};
constexpr std::array<EchoRow, 4> kSchema{{
    {"description", is_text, "null"},
    {"name", is_text, R"("")"},
    {"schema", is_map, "{}"},
    {"strict", is_flag, "false"},
}};
constexpr std::array<EchoRow, 2> kOwner{{
    {"user", is_text, "null"},
    {"metadata", is_map, "{}"},
}};

template <std::size_t kSize>
void append_rows(const std::array<EchoRow, kSize>& rows, Json request, JsonWriter& writer) {
  for (const EchoRow& row : rows) {
    const Json given = request.find(row.name);
    writer.key(row.name);
    if (given && row.accepts(given)) {
      writer.value(given);
    } else {
      writer.raw(row.fallback);
    }
  }
}

// Written as the API does, always with a decimal point.
void append_decimal(std::string_view name, Json request, JsonWriter& writer) {
  writer.key(name).number(request.find(name).double_or(1.0));
}

void append_text_or_null(std::string_view name, Json object, JsonWriter& writer) {
  writer.key(name);
  if (const Json given = object.find(name); given.is_string()) {
    writer.value(given);
  } else {
    writer.null();
  }
}

// An object that is told whole, whatever the request left out of it: its type, `rows`, and what else was given.
template <std::size_t kSize>
void append_whole(const std::array<EchoRow, kSize>& rows, std::string_view type, Json given, JsonWriter& writer) {
  writer.object().member("type", type);
  append_rows(rows, given, writer);
  for (const auto [key, value] : given.members()) {
    const auto is_key = [name = key](const EchoRow& row) { return row.name == name; };
    if (key == "type" || std::any_of(rows.begin(), rows.end(), is_key)) continue;
    writer.key(key).value(value);
  }
  writer.end_object();
}

void append_tools(Json tools, JsonWriter& writer) {
  writer.key("tools").array();
  for (const Json tool : tools.elements()) {
    if (tool.find("type").string_or("") == "function") {
      append_whole(kFunction, "function", tool, writer);
    } else {
      writer.value(tool);
    }
  }
  writer.end_array();
}

void append_text_settings(Json text, JsonWriter& writer) {
  writer.key("text").object().key("format");
  const Json format = text.find("format");
  if (format.find("type").string_or("") == "json_schema") {
    append_whole(kSchema, "json_schema", format, writer);
  } else if (format.is_object()) {
    writer.value(format);
  } else {
    writer.raw(R"({"type":"text"})");
  }
  writer.member("verbosity", text.find("verbosity").string_or("medium")).end_object();
}

// Only where one is used. Named by its id, or by an object that has it.
void append_conversation(Json choice, JsonWriter& writer) {
  const Json id = choice.is_object() ? choice.find("id") : choice;
  if (id.is_string()) writer.key("conversation").object().member("id", id.as_string()).end_object();
}

}  // namespace

ResponseEcho encode_response_echo(Json request) {
  ResponseEcho echo;
  JsonWriter limits(echo.limits);
  append_rows(kLimits, request, limits);

  JsonWriter links(echo.links);
  append_rows(kLinks, request, links);
  links.key("reasoning").object();
  append_text_or_null("effort", request.find("reasoning"), links);
  append_text_or_null("summary", request.find("reasoning"), links);
  links.end_object();
  append_text_or_null("safety_identifier", request, links);

  JsonWriter settings(echo.settings);
  settings.member("store", request.find("store").bool_or(true));
  append_decimal("temperature", request, settings);
  append_text_settings(request.find("text"), settings);
  append_rows(kToolChoice, request, settings);
  append_tools(request.find("tools"), settings);
  append_rows(kTopLogprobs, request, settings);
  append_decimal("top_p", request, settings);
  settings.member("truncation", request.find("truncation").string_or("disabled"));

  JsonWriter owner(echo.owner);
  append_rows(kOwner, request, owner);
  append_conversation(request.find("conversation"), owner);
  return echo;
}

}  // namespace mimus::server
