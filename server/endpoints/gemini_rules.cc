#include "server/endpoints/gemini_rules.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "server/dialect/rule_texts.h"
#include "server/endpoints/gemini_parse.h"
#include "server/endpoints/gemini_schema.h"

namespace mimus::server {
namespace {

using Fault = std::optional<ApiError>;

// Google's list of what is wrong with a field, of which this is one.
ApiError bullet(std::string_view request, const std::string& field, const std::string& what) {
  return invalid_argument("* " + std::string(request) + "." + field + ": " + what + "\n");
}
ApiError bullet(const std::string& field, const std::string& what) {
  return bullet("GenerateContentRequest", field, what);
}

std::string indexed(std::string_view name, std::size_t index) {
  return std::string(name) + "[" + std::to_string(index) + "]";
}

constexpr std::array<std::string_view, 9> kData = {
    "text",           "inlineData",          "functionCall", "functionResponse", "fileData",
    "executableCode", "codeExecutionResult", "toolCall",     "toolResponse"};

bool is_known_media(std::string_view type) {
  for (const std::string_view start : {"image/", "audio/", "video/", "text/", "application/pdf", "application/json",
                                       "application/x-javascript", "application/x-python", "application/rtf"}) {
    if (type.starts_with(start)) return true;
  }
  return false;
}

Fault check_part(Json part, std::string_view request, const std::string& path) {
  std::string_view found;
  for (const std::string_view name : kData) {
    if (!part.find(name)) continue;
    if (!found.empty()) {
      return invalid_argument("Invalid value at '" + path +
                              "' (oneof), oneof field 'data' is already set. Cannot set '" + std::string(name) + "'");
    }
    found = name;
  }
  if (found.empty()) {
    return bullet(request, path + ".data", "required oneof field 'data' must have one initialized field");
  }
  for (const std::string_view name : {"functionCall", "functionResponse"}) {
    if (found != name || !part.find(name).find("name").string_or("").empty()) continue;
    return bullet(request, path + "." + snake_case(name) + ".name", "Name cannot be empty.");
  }
  if (found == "inlineData") {
    const std::string_view type = part.find(found).find("mimeType").string_or("");
    if (!is_known_media(type)) return invalid_argument("Unsupported MIME type: " + echo(type));
  }
  return std::nullopt;
}

Fault check_content(Json content, std::string_view request, const std::string& path) {
  const std::string_view role = content.find("role").string_or("");
  if (!role.empty() && role != "user" && role != "model" && role != "function" && path != "system_instruction") {
    return invalid_argument("Please use a valid role: user, model.");
  }
  const Json parts = content.find("parts");
  if (parts.size() == 0) return bullet(request, path + ".parts", "contents.parts must not be empty.");
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (auto fault = check_part(parts.at(i), request, path + "." + indexed("parts", i))) return fault;
  }
  return std::nullopt;
}

std::size_t count_parts(Json content, std::string_view kind) {
  std::size_t count = 0;
  for (const Json part : content.find("parts").elements()) count += part.find(kind) ? 1 : 0;
  return count;
}

// Calls of functions and their responses: who may follow whom.
Fault check_turns(Json contents) {
  for (std::size_t i = 0; i < contents.size(); ++i) {
    const Json before = i > 0 ? contents.at(i - 1) : Json();
    const std::size_t calls = count_parts(contents.at(i), "functionCall");
    const std::size_t responses = count_parts(contents.at(i), "functionResponse");
    const std::size_t awaited = count_parts(before, "functionCall");
    if (calls > 0 && (!before || before.find("role").string_or("") == "model")) {
      return invalid_argument(
          "Please ensure that function call turn comes immediately after a user turn or after a function response "
          "turn.");
    }
    if (responses > 0 && awaited == 0) {
      return invalid_argument(
          "Please ensure that function response turn comes immediately after a function call turn.");
    }
    if (awaited != responses && awaited > 0) {
      return invalid_argument(
          "Please ensure that the number of function response parts is equal to the number of function call parts of "
          "the function call turn.");
    }
  }
  return std::nullopt;
}

bool is_function_name(std::string_view name) {
  constexpr std::size_t kLongest = 64;
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  if (name.empty() || name.size() > kLongest || !is_letter(name.front())) return false;
  return std::all_of(name.begin(), name.end(), [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == ':' || c == '-';
  });
}

Fault check_declaration(Json declaration, const std::string& path, std::vector<std::string_view>& names) {
  const std::string_view name = declaration.find("name").string_or("");
  if (!is_function_name(name)) {
    return bullet(path + ".name",
                  "[FIELD_INVALID] Invalid function name. Must start with a letter or an underscore. Must be a-z, A-Z, "
                  "0-9, or contain underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.");
  }
  if (std::find(names.begin(), names.end(), name) != names.end()) {
    return invalid_argument("Duplicate function declaration found: " + std::string(name));
  }
  names.push_back(name);
  const Json parameters = declaration.find("parameters");
  if (parameters && declaration.find("parametersJsonSchema")) {
    return bullet(path, "parameters and parameters_json_schema must not be set together");
  }
  if (!parameters) return std::nullopt;
  if (const auto fault = gemini_schema_fault(parameters, path + ".parameters", true)) {
    return invalid_argument("* GenerateContentRequest." + *fault + "\n");
  }
  return std::nullopt;
}

Fault check_tools(Json body, std::vector<std::string_view>& names) {
  const Json tools = body.find("tools");
  for (std::size_t i = 0; i < tools.size(); ++i) {
    const Json declarations = tools.at(i).find("functionDeclarations");
    for (std::size_t k = 0; k < declarations.size(); ++k) {
      const std::string path = indexed("tools", i) + "." + indexed("function_declarations", k);
      if (auto fault = check_declaration(declarations.at(k), path, names)) return fault;
    }
  }
  return std::nullopt;
}

Fault check_calling(Json body, const std::vector<std::string_view>& names) {
  const Json config = body.find("toolConfig").find("functionCallingConfig");
  if (!config) return std::nullopt;
  if (names.empty()) return invalid_argument("Function calling config is set without function_declarations.");
  const std::string path = "tool_config.function_calling_config.allowed_function_names";
  const std::string_view mode = config.find("mode").string_or("AUTO");
  const Json allowed = config.find("allowedFunctionNames");
  if (allowed.size() > 0 && mode != "ANY" && mode != "VALIDATED") {
    return bullet(path, "should only be set when the mode is ANY or VALIDATED");
  }
  for (std::size_t i = 0; i < allowed.size(); ++i) {
    const std::string_view name = allowed.at(i).string_or("");
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      return bullet(indexed(path, i), "function '" + echo(name) + "' is not declared");
    }
  }
  return std::nullopt;
}

struct Range {
  std::string_view name;
  double least;
  double most;
  std::string_view text;
};
constexpr double kNoLimit = 2147483647;
constexpr std::array<Range, 7> kRanges = {{{"temperature", 0, 2, "must be in the range [0.0, 2.0]."},
                                           {"topP", 0, 1, "must be in the range [0.0, 1.0]."},
                                           {"topK", 1, kNoLimit, "must be positive."},
                                           {"candidateCount", 1, 8, "must be in the range [1, 8]."},
                                           {"maxOutputTokens", 1, kNoLimit, "must be positive."},
                                           {"presencePenalty", -2, 2, "must be in the range [-2.0, 2.0]."},
                                           {"frequencyPenalty", -2, 2, "must be in the range [-2.0, 2.0]."}}};
constexpr std::size_t kMostStops = 5;
constexpr std::int64_t kMostThinking = 32'768;
constexpr std::array<std::string_view, 5> kMimeTypes = {"text/plain", "application/json", "application/xml",
                                                        "application/yaml", "text/x.enum"};

Fault check_ranges(Json config) {
  for (const Range& range : kRanges) {
    const Json value = config.find(range.name);
    if (!value || (value.double_or(0) >= range.least && value.double_or(0) <= range.most)) continue;
    const std::string name = snake_case(range.name);
    return bullet("generation_config." + name, name + " " + std::string(range.text));
  }
  const std::int64_t budget = config.find("thinkingConfig").find("thinkingBudget").int_or(0);
  if (budget < -1 || budget > kMostThinking) {
    return invalid_argument("The thinking budget " + std::to_string(budget) +
                            " is invalid. Please choose a value between 0 and " + std::to_string(kMostThinking) + ".");
  }
  if (config.find("stopSequences").size() > kMostStops) {
    return bullet("generation_config.stop_sequences", "the number of stop sequences must not exceed 5.");
  }
  return std::nullopt;
}

Fault check_schema(Json config, std::string_view type) {
  const Json schema = config.find("responseSchema");
  const Json json_schema = config.find("responseJsonSchema");
  if (schema && json_schema) {
    return bullet("generation_config", "response_schema and response_json_schema must not be set together");
  }
  if (!schema && !json_schema) return std::nullopt;
  const std::string path = schema ? "generation_config.response_schema" : "generation_config.response_json_schema";
  if (type != "application/json" && type != "text/x.enum") {
    return bullet(path, "only allowed when response_mime_type is `application/json` or `text/x.enum`");
  }
  const auto fault = schema ? gemini_schema_fault(schema, path, false) : std::nullopt;
  if (fault) return invalid_argument("* GenerateContentRequest." + *fault + "\n");
  if (type == "text/x.enum" && (schema ? schema : json_schema).find("enum").size() == 0) {
    return bullet(path, "must be a STRING with enum values when response_mime_type is `text/x.enum`");
  }
  return std::nullopt;
}

Fault check_output(Json body, Json config, bool has_functions, std::string_view model) {
  const std::string_view type = config.find("responseMimeType").string_or("text/plain");
  if (std::find(kMimeTypes.begin(), kMimeTypes.end(), type) == kMimeTypes.end()) {
    return bullet("generation_config.response_mime_type",
                  "allowed mimetypes are `text/plain`, `application/json`, `application/xml`, `application/yaml` and "
                  "`text/x.enum`.");
  }
  if (auto fault = check_schema(config, type)) return fault;
  if (has_functions && type != "text/plain") {
    return invalid_argument("Function calling with a response mime type: '" + std::string(type) + "' is unsupported");
  }
  for (const Json modality : config.find("responseModalities").elements()) {
    if (modality.string_or("") == "TEXT") continue;
    return invalid_argument("The requested combination of response modalities is not supported by the model. models/" +
                            echo(model) + " accepts the following combination of response modalities:\n* TEXT\n");
  }
  if (config.find("responseLogprobs").bool_or(false) || config.find("logprobs")) {
    return invalid_argument("Logprobs is not enabled for models/" + echo(model));
  }
  if (!body.find("cachedContent").string_or("").empty()) {
    return ApiError{403, "CachedContent not found (or permission denied)", "PERMISSION_DENIED", {}, {}, {}};
  }
  return std::nullopt;
}

}  // namespace

Fault check_gemini_contents(Json body, std::string_view request) {
  const Json contents = body.find("contents");
  if (contents.size() == 0) return bullet(request, "contents", "contents is not specified");
  for (std::size_t i = 0; i < contents.size(); ++i) {
    if (auto fault = check_content(contents.at(i), request, indexed("contents", i))) return fault;
  }
  if (const Json system = body.find("systemInstruction")) {
    if (auto fault = check_content(system, request, "system_instruction")) return fault;
  }
  return check_turns(contents);
}

Fault check_gemini_parameters(Json body, std::string_view model) {
  std::vector<std::string_view> names;
  if (auto fault = check_tools(body, names)) return fault;
  if (auto fault = check_calling(body, names)) return fault;
  const Json config = body.find("generationConfig");
  if (auto fault = check_ranges(config)) return fault;
  return check_output(body, config, !names.empty(), model);
}

}  // namespace mimus::server
