#include "server/endpoints/response_call.h"

#include <algorithm>

#include "server/endpoints/call_members.h"

namespace mimus::server {
namespace {

constexpr std::int64_t kMostLogprobs = 20;  // a dialect may leave it without a range; a Call never

void read_tools(Call& call, Json tools) {
  for (const Json json : tools.elements()) {
    const std::string_view type = json.find("type").string_or("");
    if (type != "function" && type != "custom") continue;
    ToolSpec tool;
    tool.name = text_at(json, "name");
    tool.description = text_at(json, "description");
    if (const Json parameters = json.find("parameters"); parameters.has_value()) tool.parameters = parameters;
    tool.is_strict = json.find("strict").bool_or(false);
    tool.is_custom = type == "custom";
    call.tools.push_back(std::move(tool));
  }
}

ToolChoice::Mode mode_of(std::string_view name) {
  if (name == "none") return ToolChoice::Mode::None;
  return name == "required" ? ToolChoice::Mode::Required : ToolChoice::Mode::Auto;
}

ToolChoice read_tool_choice(Json json, bool has_tools) {
  ToolChoice choice;
  const std::string_view type = json.find("type").string_or("");
  if (json.is_string()) choice.mode = mode_of(json.as_string());
  if (type == "allowed_tools") {
    choice.mode = mode_of(json.find("mode").string_or(""));
    for (const Json tool : json.find("tools").elements()) choice.allowed.push_back(text_at(tool, "name"));
  } else if (type == "function" || type == "custom") {
    choice.mode = ToolChoice::Mode::Named;
    choice.name = text_at(json, "name");
  } else if (json.is_object()) {
    choice.mode = ToolChoice::Mode::None;  // a tool of the vendor
  }
  if (!has_tools) choice.mode = ToolChoice::Mode::None;
  return choice;
}

bool includes(Json include, std::string_view what) {
  const auto elements = include.elements();
  return std::any_of(elements.begin(), elements.end(), [&](Json each) { return each.string_or("") == what; });
}

}  // namespace

Call read_response_call(std::shared_ptr<const JsonDocument> body) {
  const Json json = body->root();
  Call call;
  read_tools(call, json.find("tools"));
  call.tool_choice = read_tool_choice(json.find("tool_choice"), !call.tools.empty());
  call.parallel_tool_calls = json.find("parallel_tool_calls").bool_or(true);
  const Json format = json.find("text").find("format");
  call.format = read_text_format(format, format);
  if (const Json most = json.find("max_output_tokens"); most.is_integer()) call.max_tokens = most.as_int();
  const std::int64_t alternatives = std::clamp<std::int64_t>(json.find("top_logprobs").int_or(0), 0, kMostLogprobs);
  call.top_logprobs = static_cast<int>(alternatives);
  call.logprobs = alternatives > 0 || includes(json.find("include"), "message.output_text.logprobs");
  call.stream = json.find("stream").bool_or(false);
  call.include_obfuscation = json.find("stream_options").find("include_obfuscation").bool_or(true);
  call.service_tier = text_at(json, "service_tier");
  call.body = std::move(body);
  return call;
}

}  // namespace mimus::server
