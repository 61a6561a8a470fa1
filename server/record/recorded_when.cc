#include "server/record/recorded_when.h"

#include <algorithm>
#include <array>

#include "api/json_writer.h"
#include "server/journal/redact.h"

namespace mimus::server {
namespace {

// What is asked, and in which shape the answer is to come.
constexpr std::array<std::string_view, 28> kAsked = {"messages",
                                                     "input",
                                                     "instructions",
                                                     "prompt",
                                                     "suffix",
                                                     "contents",
                                                     "content",
                                                     "requests",
                                                     "systemInstruction",
                                                     "conversation",
                                                     "text",
                                                     "response_format",
                                                     "tools",
                                                     "functions",
                                                     "previous_response_id",
                                                     "n",
                                                     "size",
                                                     "voice",
                                                     "language",
                                                     "encoding_format",
                                                     "dimensions",
                                                     "image",
                                                     "mask",
                                                     "file",
                                                     "output_format",
                                                     "timestamp_granularities",
                                                     "purpose",
                                                     "input_file_id"};

bool is_asked(std::string_view name) {
  return std::find(kAsked.begin(), kAsked.end(), name) != kAsked.end();
}

bool may_stream(const Question& question) {
  return question.stream || question.body.find("messages") || question.body.find("prompt") ||
         question.operation.starts_with("responses");
}

void write_condition(std::string_view name, Json value, JsonWriter& json) {
  if (redacted_body(to_text(value)) != to_text(value)) return;
  json.key("/" + pointer_step(name));
  value.is_object() ? void(json.object().key("equals").value(value).end_object()) : void(json.value(value));
}

// A name alone would be a glob where it looks like one.
void write_model(std::string_view model, JsonWriter& json) {
  if (model.empty()) return;
  json.key("model");
  const bool is_plain = model.find_first_of("*?") == std::string_view::npos;
  is_plain ? void(json.string(model)) : void(json.object().member("exact", model).end_object());
}

}  // namespace

std::string recorded_when(const Question& question) {
  std::string text;
  JsonWriter json(text);
  json.object().member("endpoint", question.operation);
  write_model(question.model, json);
  if (may_stream(question)) json.member("stream", question.stream);
  const JsonMembers members = question.body.members();
  const bool has_asked = std::any_of(members.begin(), members.end(), [](auto m) { return is_asked(m.key); });
  std::string conditions;
  JsonWriter writer(conditions);
  writer.object();
  for (const auto [name, value] : members) {
    const bool is_told = name == "model" || name == "stream" || value.is_null();
    if (!is_told && (is_asked(name) || !has_asked)) write_condition(name, value, writer);
  }
  writer.end_object();
  if (conditions != "{}") json.key("json").raw(conditions);
  json.end_object();
  return text;
}

}  // namespace mimus::server
