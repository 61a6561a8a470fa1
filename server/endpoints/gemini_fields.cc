#include "server/endpoints/gemini_fields.h"

namespace mimus::server {
namespace {

using Kind = GeminiKind;
using Shape = GeminiShape;
using Field = GeminiField;
using Name = std::string_view;

constexpr Field text(Name name) {
  return {name, Kind::String, Shape::One, nullptr, nullptr};
}
constexpr Field texts(Name name) {
  return {name, Kind::String, Shape::Repeated, nullptr, nullptr};
}
constexpr Field scalar(Name name, Kind kind) {
  return {name, kind, Shape::One, nullptr, nullptr};
}
constexpr Field one_of(Name name, const GeminiEnum& values, Shape shape = Shape::One) {
  return {name, Kind::Enum, shape, nullptr, &values};
}
constexpr Field message(Name name, const GeminiMessage& type, Shape shape = Shape::One) {
  return {name, Kind::Message, shape, &type, nullptr};
}
constexpr Field open(Name name, Shape shape = Shape::One) {
  return {name, Kind::Open, shape, nullptr, nullptr};
}

constexpr Name kTypes[] = {"TYPE_UNSPECIFIED", "STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"};
constexpr Name kModes[] = {"MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED"};
constexpr Name kBehaviors[] = {"UNSPECIFIED", "BLOCKING", "NON_BLOCKING"};
constexpr Name kSchedulings[] = {"SCHEDULING_UNSPECIFIED", "SILENT", "WHEN_IDLE", "INTERRUPT"};
constexpr Name kCategories[] = {"HARM_CATEGORY_UNSPECIFIED",
                                "HARM_CATEGORY_DEROGATORY",
                                "HARM_CATEGORY_TOXICITY",
                                "HARM_CATEGORY_VIOLENCE",
                                "HARM_CATEGORY_SEXUAL",
                                "HARM_CATEGORY_MEDICAL",
                                "HARM_CATEGORY_DANGEROUS",
                                "HARM_CATEGORY_HARASSMENT",
                                "HARM_CATEGORY_HATE_SPEECH",
                                "HARM_CATEGORY_SEXUALLY_EXPLICIT",
                                "HARM_CATEGORY_DANGEROUS_CONTENT",
                                "HARM_CATEGORY_CIVIC_INTEGRITY"};
constexpr Name kThresholds[] = {"HARM_BLOCK_THRESHOLD_UNSPECIFIED",
                                "BLOCK_LOW_AND_ABOVE",
                                "BLOCK_MEDIUM_AND_ABOVE",
                                "BLOCK_ONLY_HIGH",
                                "BLOCK_NONE",
                                "OFF"};
constexpr Name kModalities[] = {"MODALITY_UNSPECIFIED", "TEXT", "IMAGE", "AUDIO"};
constexpr Name kThinkingLevels[] = {"THINKING_LEVEL_UNSPECIFIED", "MINIMAL", "LOW", "MEDIUM", "HIGH"};
constexpr Name kResolutions[] = {"MEDIA_RESOLUTION_UNSPECIFIED", "MEDIA_RESOLUTION_LOW", "MEDIA_RESOLUTION_MEDIUM",
                                 "MEDIA_RESOLUTION_HIGH"};

constexpr GeminiEnum kType{"Type", kTypes};
constexpr GeminiEnum kMode{"FunctionCallingConfig.Mode", kModes};
constexpr GeminiEnum kBehavior{"FunctionDeclaration.Behavior", kBehaviors};
constexpr GeminiEnum kScheduling{"FunctionResponse.Scheduling", kSchedulings};
constexpr GeminiEnum kCategory{"HarmCategory", kCategories};
constexpr GeminiEnum kThreshold{"SafetySetting.HarmBlockThreshold", kThresholds};
constexpr GeminiEnum kModality{"GenerationConfig.Modality", kModalities};
constexpr GeminiEnum kThinkingLevel{"ThinkingConfig.ThinkingLevel", kThinkingLevels};
constexpr GeminiEnum kResolution{"GenerationConfig.MediaResolution", kResolutions};

constexpr Field kBlobFields[] = {text("mimeType"), scalar("data", Kind::Bytes), text("displayName")};
constexpr GeminiMessage kBlob{"Blob", kBlobFields};
constexpr Field kFileDataFields[] = {text("mimeType"), text("fileUri"), text("displayName")};
constexpr GeminiMessage kFileData{"FileData", kFileDataFields};
constexpr Field kFunctionCallFields[] = {text("id"), text("name"), open("args")};
constexpr GeminiMessage kFunctionCall{"FunctionCall", kFunctionCallFields};
constexpr Field kFunctionResponseFields[] = {text("id"),
                                             text("name"),
                                             open("response"),
                                             open("parts", Shape::Repeated),
                                             scalar("willContinue", Kind::Bool),
                                             one_of("scheduling", kScheduling)};
constexpr GeminiMessage kFunctionResponse{"FunctionResponse", kFunctionResponseFields};

constexpr Field kPartFields[] = {text("text"),
                                 message("inlineData", kBlob),
                                 message("functionCall", kFunctionCall),
                                 message("functionResponse", kFunctionResponse),
                                 message("fileData", kFileData),
                                 open("executableCode"),
                                 open("codeExecutionResult"),
                                 open("toolCall"),
                                 open("toolResponse"),
                                 scalar("thought", Kind::Bool),
                                 scalar("thoughtSignature", Kind::Bytes),
                                 open("videoMetadata"),
                                 open("partMetadata"),
                                 open("mediaResolution"),
                                 open("mediaProcessing"),
                                 open("audioTranscription"),
                                 open("speechMetadata")};
constexpr GeminiMessage kPart{"Part", kPartFields};
constexpr Field kContentFields[] = {message("parts", kPart, Shape::Repeated), text("role")};
constexpr GeminiMessage kContent{"Content", kContentFields};

extern const GeminiMessage kSchema;  // it holds itself
constinit const Field kSchemaFields[] = {one_of("type", kType),
                                         text("format"),
                                         text("title"),
                                         text("description"),
                                         scalar("nullable", Kind::Bool),
                                         texts("enum"),
                                         scalar("maxItems", Kind::Int64),
                                         scalar("minItems", Kind::Int64),
                                         message("properties", kSchema, Shape::Map),
                                         texts("required"),
                                         scalar("minProperties", Kind::Int64),
                                         scalar("maxProperties", Kind::Int64),
                                         scalar("minLength", Kind::Int64),
                                         scalar("maxLength", Kind::Int64),
                                         text("pattern"),
                                         open("example"),
                                         message("anyOf", kSchema, Shape::Repeated),
                                         texts("propertyOrdering"),
                                         open("default"),
                                         message("items", kSchema),
                                         scalar("minimum", Kind::Double),
                                         scalar("maximum", Kind::Double)};
constinit const GeminiMessage kSchema{"Schema", kSchemaFields};

constinit const Field kDeclarationFields[] = {text("name"),
                                              text("description"),
                                              one_of("behavior", kBehavior),
                                              message("parameters", kSchema),
                                              open("parametersJsonSchema"),
                                              message("response", kSchema),
                                              open("responseJsonSchema")};
constinit const GeminiMessage kDeclaration{"FunctionDeclaration", kDeclarationFields};
constinit const Field kToolFields[] = {message("functionDeclarations", kDeclaration, Shape::Repeated),
                                       open("googleSearchRetrieval"),
                                       open("codeExecution"),
                                       open("googleSearch"),
                                       open("computerUse"),
                                       open("urlContext"),
                                       open("fileSearch"),
                                       open("mcpServers", Shape::Repeated),
                                       open("googleMaps")};
constinit const GeminiMessage kTool{"Tool", kToolFields};
constexpr Field kCallingFields[] = {one_of("mode", kMode), texts("allowedFunctionNames")};
constexpr GeminiMessage kCalling{"FunctionCallingConfig", kCallingFields};
constexpr Field kToolConfigFields[] = {message("functionCallingConfig", kCalling), open("retrievalConfig"),
                                       scalar("includeServerSideToolInvocations", Kind::Bool)};
constexpr GeminiMessage kToolConfig{"ToolConfig", kToolConfigFields};
constexpr Field kSafetyFields[] = {one_of("category", kCategory), one_of("threshold", kThreshold)};
constexpr GeminiMessage kSafety{"SafetySetting", kSafetyFields};
constexpr Field kThinkingFields[] = {scalar("includeThoughts", Kind::Bool), scalar("thinkingBudget", Kind::Int32),
                                     one_of("thinkingLevel", kThinkingLevel)};
constexpr GeminiMessage kThinking{"ThinkingConfig", kThinkingFields};

constinit const Field kGenerationFields[] = {texts("stopSequences"),
                                             text("responseMimeType"),
                                             message("responseSchema", kSchema),
                                             open("responseJsonSchema"),
                                             one_of("responseModalities", kModality, Shape::Repeated),
                                             scalar("candidateCount", Kind::Int32),
                                             scalar("maxOutputTokens", Kind::Int32),
                                             scalar("temperature", Kind::Double),
                                             scalar("topP", Kind::Double),
                                             scalar("topK", Kind::Int32),
                                             scalar("seed", Kind::Int32),
                                             scalar("presencePenalty", Kind::Double),
                                             scalar("frequencyPenalty", Kind::Double),
                                             scalar("responseLogprobs", Kind::Bool),
                                             scalar("logprobs", Kind::Int32),
                                             scalar("enableEnhancedCivicAnswers", Kind::Bool),
                                             open("speechConfig"),
                                             message("thinkingConfig", kThinking),
                                             open("imageConfig"),
                                             open("audioTranscriptionConfig"),
                                             one_of("mediaResolution", kResolution)};
constinit const GeminiMessage kGeneration{"GenerationConfig", kGenerationFields};

constinit const Field kRequestFields[] = {text("model"),
                                          message("systemInstruction", kContent),
                                          message("contents", kContent, Shape::Repeated),
                                          message("tools", kTool, Shape::Repeated),
                                          message("toolConfig", kToolConfig),
                                          message("safetySettings", kSafety, Shape::Repeated),
                                          message("generationConfig", kGeneration),
                                          text("cachedContent"),
                                          text("continuationToken"),
                                          text("serviceTier"),
                                          scalar("store", Kind::Bool),
                                          open("labels")};
constinit const GeminiMessage kRequest{"GenerateContentRequest", kRequestFields};
constinit const Field kCountFields[] = {text("model"), message("contents", kContent, Shape::Repeated),
                                        message("generateContentRequest", kRequest)};
constinit const GeminiMessage kCount{"CountTokensRequest", kCountFields};

constexpr bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool is_snake_of(std::string_view snake, std::string_view camel) {
  std::size_t at = 0;
  for (const char c : camel) {
    if (is_upper(c) && (at >= snake.size() || snake[at++] != '_')) return false;
    const char low = is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    if (at >= snake.size() || snake[at++] != low) return false;
  }
  return at == snake.size();
}

}  // namespace

const GeminiMessage& generate_content_request() {
  return kRequest;
}

const GeminiMessage& count_tokens_request() {
  return kCount;
}

const GeminiField* find_field(const GeminiMessage& message, std::string_view name) {
  for (const GeminiField& field : message.fields) {
    if (field.name == name || is_snake_of(name, field.name)) return &field;
  }
  return nullptr;
}

std::string snake_case(std::string_view camel_case) {
  std::string out;
  for (const char c : camel_case) {
    if (is_upper(c)) out += '_';
    out += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

}  // namespace mimus::server
