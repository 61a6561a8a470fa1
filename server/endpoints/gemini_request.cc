#include "server/endpoints/gemini_request.h"

#include "server/dialect/rule_texts.h"
#include "server/endpoints/call_members.h"
#include "server/endpoints/chat_request.h"
#include "server/endpoints/content_type.h"
#include "server/endpoints/gemini_fields.h"
#include "server/endpoints/gemini_parse.h"
#include "server/endpoints/gemini_rules.h"
#include "server/endpoints/gemini_schema.h"
#include "server/synth/synthesise.h"

namespace mimus::server {
namespace {

void count_media(Message& message, std::string_view mime_type) {
  message.images += mime_type.starts_with("image/");
  message.audios += mime_type.starts_with("audio/");
  message.files += !mime_type.starts_with("image/") && !mime_type.starts_with("audio/");
}

bool says_something(const Message& message) {
  return !message.text.empty() || !message.tool_calls.empty() || message.images + message.audios + message.files > 0;
}

// A content is a message; each function response in it is one of its own, behind what was said besides.
void read_content(Json content, Role usual, std::vector<Message>& messages) {
  Message message;
  message.role = content.find("role").string_or("") == "model" ? Role::Assistant : usual;
  std::vector<Message> results;
  for (const Json part : content.find("parts").elements()) {
    if (!part.find("thought").bool_or(false)) add_text(message, part.find("text").string_or(""));
    if (const Json data = part.find("inlineData")) count_media(message, data.find("mimeType").string_or(""));
    if (const Json file = part.find("fileData")) count_media(message, file.find("mimeType").string_or(""));
    if (const Json call = part.find("functionCall")) {
      const Json args = call.find("args");
      message.tool_calls.push_back({text_at(call, "id"), text_at(call, "name"), args ? to_text(args) : "{}", false});
    }
    if (const Json response = part.find("functionResponse")) {
      Message& result = results.emplace_back();
      result.role = Role::Tool;
      result.name = text_at(response, "name");
      result.tool_call_id = text_at(response, "id");
      result.text = to_text(response.find("response"));
    }
  }
  if (results.empty() || says_something(message)) messages.push_back(std::move(message));
  for (Message& result : results) messages.push_back(std::move(result));
}

// {"format":{...},"tools":[{...},null,...]}: a schema for each declaration that has one in Google's form.
std::shared_ptr<const JsonDocument> read_schemas(Json body) {
  std::string text = R"({"format":)";
  const Json format = body.find("generationConfig").find("responseSchema");
  if (format) append_json_schema(format, text);
  text += format ? R"(,"tools":[)" : R"(null,"tools":[)";
  bool is_first = true;
  for (const Json tool : body.find("tools").elements()) {
    for (const Json declaration : tool.find("functionDeclarations").elements()) {
      if (!std::exchange(is_first, false)) text += ',';
      const Json parameters = declaration.find("parameters");
      if (parameters) append_json_schema(parameters, text);
      if (!parameters) text += "null";
    }
  }
  auto document = parse_json(text + "]}");
  return std::make_shared<const JsonDocument>(document ? std::move(*document) : JsonDocument());
}

void read_tools(Json body, Json schemas, Call& call) {
  for (const Json tool : body.find("tools").elements()) {
    for (const Json declaration : tool.find("functionDeclarations").elements()) {
      const Json made = schemas.at(call.tools.size());
      const Json given = declaration.find("parametersJsonSchema");
      ToolSpec& spec = call.tools.emplace_back();
      spec.name = text_at(declaration, "name");
      spec.description = text_at(declaration, "description");
      if (made.has_value() || given.has_value()) spec.parameters = made.has_value() ? made : given;
    }
  }
  const Json config = body.find("toolConfig").find("functionCallingConfig");
  const std::string_view mode = config.find("mode").string_or("AUTO");
  call.tool_choice.mode = call.tools.empty() || mode == "NONE" ? ToolChoice::Mode::None
                          : mode == "ANY"                      ? ToolChoice::Mode::Required
                                                               : ToolChoice::Mode::Auto;
  for (const Json name : config.find("allowedFunctionNames").elements()) {
    call.tool_choice.allowed.emplace_back(name.string_or(""));
  }
}

ResponseFormat read_format(Json config, Json schema) {
  ResponseFormat format;
  const std::string_view type = config.find("responseMimeType").string_or("text/plain");
  if (type != "application/json" && type != "text/x.enum") return format;
  const Json given = config.find("responseJsonSchema");
  format.kind = ResponseFormat::Kind::JsonObject;
  if (!schema.has_value() && !given.has_value()) return format;
  format.kind = ResponseFormat::Kind::JsonSchema;
  format.name = "response";
  format.schema = schema.has_value() ? schema : given;
  return format;
}

std::optional<std::int64_t> optional_integer(Json json) {
  return json.is_integer() ? std::optional<std::int64_t>(json.as_int()) : std::nullopt;
}

GeminiRequest read_call(std::shared_ptr<const JsonDocument> document, Json body) {
  GeminiRequest request;
  request.schemas = read_schemas(body);
  Call& call = request.call;
  if (const Json system = body.find("systemInstruction")) read_content(system, Role::System, call.messages);
  for (const Json content : body.find("contents").elements()) read_content(content, Role::User, call.messages);
  const Json schemas = request.schemas->root();
  read_tools(body, schemas.find("tools"), call);
  const Json config = body.find("generationConfig");
  call.format = read_format(config, schemas.find("format"));
  call.n = static_cast<int>(config.find("candidateCount").int_or(1));
  call.max_tokens = optional_integer(config.find("maxOutputTokens"));
  for (const Json stop : config.find("stopSequences").elements()) call.stop.emplace_back(stop.string_or(""));
  call.seed = optional_integer(config.find("seed"));
  request.shows_thoughts = config.find("thinkingConfig").find("includeThoughts").bool_or(false);
  request.is_bare_value = config.find("responseMimeType").string_or("") == "text/x.enum";
  call.body = std::move(document);
  return request;
}

// What Google calls the endpoint in its messages.
std::string_view method_of(const Endpoint& endpoint) {
  return endpoint.operation == "gemini.count" ? "countTokens" : "generateContent";
}

Result<const Model*, ApiError> find_gemini_model(const Exchange& exchange) {
  const std::string_view name = gemini_model_in(exchange);
  const Model* model = exchange.dialect.find_model(name);
  const bool is_served =
      model != nullptr ? model->serves_operation(exchange.endpoint.operation) : exchange.dialect.accepts_unknown_models;
  if (is_served) return model;
  return exchange.dialect.error_in(exchange.endpoint.error_form, "model_not_for_endpoint",
                                   {{"model", echo(name)}, {"endpoint", std::string(method_of(exchange.endpoint))}});
}

// Where errors are those of the dialect, Google's status is not its type.
ApiError in_form(ApiError error, const Exchange& exchange) {
  if (exchange.endpoint.error_form == ErrorForm::Members) error.type = exchange.dialect.error("invalid_value").type;
  return error;
}

Result<std::shared_ptr<const JsonDocument>, ApiError> read_body(const Exchange& exchange, const GeminiMessage& type) {
  const ErrorForm form = exchange.endpoint.error_form;
  if (!exchange.http.body.empty()) {
    if (const auto refusal = check_json_content_type(exchange.http.header("content-type"))) {
      return exchange.dialect.error_in(form, refusal->situation, refusal->args);
    }
  }
  auto document = parse_gemini(exchange.http.body, type);
  if (document) return std::make_shared<const JsonDocument>(std::move(*document));
  if (document.error().message.empty()) return exchange.dialect.error_in(form, "invalid_json");
  return in_form(document.error(), exchange);
}

// Counting costs more than all checks together, and a text never has more tokens than bytes.
std::optional<ApiError> check_length(const Call& call, const Model* model, std::size_t bytes) {
  if (model == nullptr || !model->context_tokens) return std::nullopt;
  if (static_cast<std::int64_t>(bytes) < *model->context_tokens) return std::nullopt;
  const std::int64_t tokens = prompt_tokens(call);
  if (tokens <= *model->context_tokens) return std::nullopt;
  return invalid_argument("The input token count (" + std::to_string(tokens) +
                          ") exceeds the maximum number of tokens allowed (" + std::to_string(*model->context_tokens) +
                          ").");
}

GeminiRequest named(GeminiRequest request, const Exchange& exchange, const Model* model) {
  request.call.operation = exchange.endpoint.operation;
  request.call.model = gemini_model_in(exchange);
  request.call.snapshot = model != nullptr ? model->snapshot : request.call.model;
  return request;
}

}  // namespace

std::string_view gemini_model_in(const Exchange& exchange) {
  return bare_model_name(exchange.path_values.front().second);
}

Result<GeminiRequest, ApiError> read_gemini_request(const Exchange& exchange) {
  auto document = read_body(exchange, generate_content_request());
  if (!document) return document.error();
  const Json body = (*document)->root();
  const auto model = find_gemini_model(exchange);
  if (!model) return model.error();
  if (auto fault = check_gemini_contents(body)) return in_form(std::move(*fault), exchange);
  if (auto fault = check_gemini_parameters(body, gemini_model_in(exchange)))
    return in_form(std::move(*fault), exchange);
  GeminiRequest request = named(read_call(std::move(*document), body), exchange, *model);
  if (auto fault = check_length(request.call, *model, exchange.http.body.size())) {
    return in_form(std::move(*fault), exchange);
  }
  return request;
}

Result<GeminiRequest, ApiError> read_gemini_count(const Exchange& exchange) {
  auto document = read_body(exchange, count_tokens_request());
  if (!document) return document.error();
  const Json body = (*document)->root();
  const auto model = find_gemini_model(exchange);
  if (!model) return model.error();
  const Json whole = body.find("generateContentRequest");
  if (whole && body.find("contents")) {
    return in_form(
        invalid_argument("* CountTokensRequest: contents and generate_content_request are mutually exclusive.\n"),
        exchange);
  }
  auto fault = whole ? check_gemini_contents(whole) : check_gemini_contents(body, "CountTokensRequest");
  if (!fault && whole) fault = check_gemini_parameters(whole, gemini_model_in(exchange));
  if (fault) return in_form(std::move(*fault), exchange);
  return named(read_call(std::move(*document), whole ? whole : body), exchange, *model);
}

}  // namespace mimus::server
