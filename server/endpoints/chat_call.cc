#include "server/endpoints/chat_call.h"

#include <algorithm>

#include "server/endpoints/call_members.h"

namespace mimus::server {
namespace {

// A dialect may leave these without a range; a Call never.
constexpr std::int64_t kMostChoices = 128;
constexpr std::int64_t kMostLogprobs = 20;

Role role_of(std::string_view name) {
  if (name == "system") return Role::System;
  if (name == "developer") return Role::Developer;
  if (name == "assistant") return Role::Assistant;
  if (name == "tool") return Role::Tool;
  if (name == "function") return Role::Function;
  return Role::User;
}

void read_content(Message& message, Json content) {
  if (content.is_string()) message.text = content.as_string();
  for (const Json part : content.elements()) {
    const std::string_view type = part.find("type").string_or("");
    if (type == "text") add_text(message, part.find("text").string_or(""));
    if (type == "refusal") add_text(message, part.find("refusal").string_or(""));
    message.images += type == "image_url";
    message.audios += type == "input_audio" || type == "audio";
    message.files += type == "file";
  }
}

ToolCall read_tool_call(Json json) {
  ToolCall call;
  call.id = text_at(json, "id");
  call.is_custom = json.find("type").string_or("") == "custom";
  const Json described = json.find(call.is_custom ? "custom" : "function");
  call.name = text_at(described, "name");
  call.arguments = text_at(described, call.is_custom ? "input" : "arguments");
  return call;
}

Message read_message(Json json) {
  Message message;
  message.role = role_of(json.find("role").string_or(""));
  message.name = text_at(json, "name");
  message.tool_call_id = text_at(json, "tool_call_id");
  read_content(message, json.find("content"));
  if (message.text.empty()) message.text = text_at(json, "refusal");
  for (const Json call : json.find("tool_calls").elements()) message.tool_calls.push_back(read_tool_call(call));
  if (const Json legacy = json.find("function_call"); legacy.has_value()) {
    message.tool_calls.push_back({"", text_at(legacy, "name"), text_at(legacy, "arguments"), false});
  }
  return message;
}

ToolSpec read_function(Json json) {
  ToolSpec tool;
  tool.name = text_at(json, "name");
  tool.description = text_at(json, "description");
  if (const Json parameters = json.find("parameters"); parameters.has_value()) tool.parameters = parameters;
  tool.is_strict = json.find("strict").bool_or(false);
  return tool;
}

void read_tools(Call& call, Json body) {
  for (const Json tool : body.find("tools").elements()) {
    const Json custom = tool.find("custom");
    call.tools.push_back(read_function(custom ? custom : tool.find("function")));
    call.tools.back().is_custom = static_cast<bool>(custom);
  }
  for (const Json function : body.find("functions").elements()) {
    call.tools.push_back(read_function(function));
    call.legacy_functions = true;
  }
}

ToolChoice::Mode mode_of(std::string_view name) {
  if (name == "none") return ToolChoice::Mode::None;
  if (name == "required") return ToolChoice::Mode::Required;
  return ToolChoice::Mode::Auto;
}

std::string named_in(Json json) {
  const Json custom = json.find("custom");
  return text_at(custom ? custom : json.find("function"), "name");
}

ToolChoice read_tool_choice(Json body, bool has_tools) {
  ToolChoice choice;
  if (!has_tools) choice.mode = ToolChoice::Mode::None;
  for (const std::string_view key : {"tool_choice", "function_call"}) {
    const Json json = body.find(key);
    if (json.is_string()) choice.mode = mode_of(json.as_string());
    if (!json.is_object()) continue;
    if (const Json allowed = json.find("allowed_tools")) {
      choice.mode = mode_of(allowed.find("mode").string_or(""));
      for (const Json tool : allowed.find("tools").elements()) choice.allowed.push_back(named_in(tool));
    } else {
      choice.mode = ToolChoice::Mode::Named;
      choice.name = key == "function_call" ? text_at(json, "name") : named_in(json);
    }
  }
  return choice;
}

std::vector<std::string> read_stop(Json json) {
  std::vector<std::string> stop;
  if (json.is_string()) stop.emplace_back(json.as_string());
  for (const Json each : json.elements()) stop.emplace_back(each.string_or(""));
  return stop;
}

std::optional<std::int64_t> optional_integer(Json json) {
  if (!json.is_integer()) return std::nullopt;
  return json.as_int();
}

}  // namespace

Call read_chat_call(std::shared_ptr<const JsonDocument> body) {
  const Json json = body->root();
  Call call;
  call.messages.reserve(json.find("messages").size());
  for (const Json message : json.find("messages").elements()) call.messages.push_back(read_message(message));
  read_tools(call, json);
  call.tool_choice = read_tool_choice(json, !call.tools.empty());
  call.parallel_tool_calls = json.find("parallel_tool_calls").bool_or(true);
  const Json format = json.find("response_format");
  call.format = read_text_format(format, format.find("json_schema"));
  call.n = static_cast<int>(std::clamp<std::int64_t>(json.find("n").int_or(1), 1, kMostChoices));
  call.max_tokens = optional_integer(json.find("max_completion_tokens"));
  if (!call.max_tokens) call.max_tokens = optional_integer(json.find("max_tokens"));
  call.stop = read_stop(json.find("stop"));
  call.seed = optional_integer(json.find("seed"));
  call.logprobs = json.find("logprobs").bool_or(false);
  call.top_logprobs = static_cast<int>(std::clamp<std::int64_t>(json.find("top_logprobs").int_or(0), 0, kMostLogprobs));
  call.stream = json.find("stream").bool_or(false);
  const Json options = json.find("stream_options");
  call.include_usage = options.find("include_usage").bool_or(false);
  call.include_obfuscation = options.find("include_obfuscation").bool_or(true);
  call.service_tier = text_at(json, "service_tier");
  call.body = std::move(body);
  return call;
}

}  // namespace mimus::server
