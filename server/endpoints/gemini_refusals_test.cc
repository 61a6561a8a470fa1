#include "server/endpoints/gemini.h"
#include "server/endpoints/gemini_asks.h"

namespace mimus::server {
namespace {

using gemini_test::asking;
using gemini_test::BadRow;
using gemini_test::bullet;
using gemini_test::expect_invalid;
using gemini_test::kGenerate;
using gemini_test::kModel;
using gemini_test::kStream;
using gemini_test::kWeather;
using gemini_test::user;

TEST(GeminiEndpoint, RefusesWhatIsNotItsMessage) {
  AppDesk desk("gemini");
  const std::string unknown = "Invalid JSON payload received. Unknown name ";
  const std::string package = "type.googleapis.com/google.ai.generativelanguage.v1beta.";
  expect_invalid(
      desk, kGenerate,
      {{"{", "Invalid JSON payload received. Unexpected token."},
       {"[]", unknown + "\"\": Root element must be a message."},
       {asking("x", R"("stream":true)"), unknown + "\"stream\": Cannot find field."},
       {asking("x", R"("a\nb":1,"c":2)"),
        unknown + "\"a\\nb\": Cannot find field.\n" + unknown + "\"c\": Cannot find field."},
       {R"({"contents":[{"parts":[{"text":"x","id":"1"}]}]})",
        unknown + "\"id\" at 'contents[0].parts[0]': Cannot find field."},
       {R"({"contents":[{"parts":[{"text":["x"]}]}]})",
        unknown + "\"text\" at 'contents[0].parts[0]': Proto field is not repeating, cannot start list."},
       {R"({"contents":[{"parts":[{"text":5}]}]})", "Invalid value at 'contents[0].parts[0].text' (TYPE_STRING), 5"},
       {R"({"contents":[{"parts":[{"text":{}}]}]})",
        "Invalid value at 'contents[0].parts[0].text' (TYPE_STRING), Starting an object on a scalar field"},
       {R"({"contents":"hi"})", "Invalid value at 'contents' (" + package + "Content), \"hi\""},
       {R"({"contents":[{"parts":[{"inlineData":{"mimeType":"image/png","data":"a b"}}]}]})",
        "Invalid value at 'contents[0].parts[0].inline_data.data' (TYPE_BYTES), Base64 decoding failed for \"a b\""},
       {asking("x", R"("generationConfig":{"temperature":"hot"})"),
        "Invalid value at 'generation_config.temperature' (TYPE_FLOAT), \"hot\""},
       {asking("x", R"("generationConfig":{"topK":1.5})"),
        "Invalid value at 'generation_config.top_k' (TYPE_INT32), 1.5"},
       {asking("x", R"("generationConfig":{"seed":3000000000})"),
        "Invalid value at 'generation_config.seed' (TYPE_INT32), 3000000000"},
       {asking("x", R"("toolConfig":{"functionCallingConfig":{"mode":"SOME"}})"),
        "Invalid value at 'tool_config.function_calling_config.mode' (" + package +
            "FunctionCallingConfig.Mode), \"SOME\""},
       {asking("x", R"("tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","properties":)"
                    R"({"a":{"type":"STRING"},"b":{"type":"STRING","const":1}}}}]}])"),
        unknown +
            "\"const\" at 'tools[0].function_declarations[0].parameters.properties[1].value': Cannot find field."}});
}

TEST(GeminiEndpoint, NamesTheFieldsInItsDetails) {
  AppDesk desk("gemini");
  const Answered answer = desk.post(kGenerate, asking("x", R"("y":1,"generationConfig":{"z":2})"));
  EXPECT_EQ(answer.at("/error/details/0/@type"), "type.googleapis.com/google.rpc.BadRequest");
  EXPECT_EQ(answer.at("/error/details/0/fieldViolations/0/field"), "missing");
  EXPECT_EQ(answer.at("/error/details/0/fieldViolations/1/field"), "generation_config");
  EXPECT_EQ(answer.at("/error/details/0/fieldViolations/1/description"),
            "Invalid JSON payload received. Unknown name \"z\" at 'generation_config': Cannot find field.");
}

TEST(GeminiEndpoint, RefusesConversationsThatGoogleRefuses) {
  AppDesk desk("gemini");
  const std::string call = R"({"role":"model","parts":[{"functionCall":{"name":"f","args":{}}}]})";
  const std::string result = R"({"parts":[{"functionResponse":{"name":"f","response":{}}}]})";
  const auto contents = [](const std::string& list) { return R"({"contents":[)" + list + "]}"; };
  expect_invalid(
      desk, kGenerate,
      {{"", bullet("contents: contents is not specified")},
       {"{}", bullet("contents: contents is not specified")},
       {contents(""), bullet("contents: contents is not specified")},
       {contents("{}"), bullet("contents[0].parts: contents.parts must not be empty.")},
       {contents(R"({"parts":[{}]})"),
        bullet("contents[0].parts[0].data: required oneof field 'data' must have one initialized field")},
       {contents(R"({"parts":[{"text":"a","functionCall":{"name":"f"}}]})"),
        "Invalid value at 'contents[0].parts[0]' (oneof), oneof field 'data' is already set. Cannot set "
        "'functionCall'"},
       {contents(R"({"role":"assistant","parts":[{"text":"a"}]})"), "Please use a valid role: user, model."},
       {contents(R"({"parts":[{"inlineData":{"mimeType":"application/zip","data":""}}]})"),
        "Unsupported MIME type: application/zip"},
       {contents(user("a") + R"(,{"role":"model","parts":[{"functionCall":{}}]})"),
        bullet("contents[1].parts[0].function_call.name: Name cannot be empty.")},
       {contents(call),
        "Please ensure that function call turn comes immediately after a user turn or after a function response turn."},
       {contents(user("a") + "," + result),
        "Please ensure that function response turn comes immediately after a function call turn."},
       {contents(user("a") + "," + call + "," + call + "," + result),
        "Please ensure that the number of function response parts is equal to the number of function call parts of the "
        "function call turn."},
       {contents(user("a") + "," + call + "," + user("b")),
        "Please ensure that the number of function response parts is equal to the number of function call parts of the "
        "function call turn."},
       {asking("a", R"("systemInstruction":{"parts":[]})"),
        bullet("system_instruction.parts: contents.parts must not be empty.")}});
}

TEST(GeminiEndpoint, RefusesParametersThatGoogleRefuses) {
  AppDesk desk("gemini");
  const auto config = [](const std::string& members) { return asking("x", R"("generationConfig":{)" + members + "}"); };
  const auto function = [](const std::string& members) {
    return asking("x", R"("tools":[{"functionDeclarations":[{)" + members + "}]}]");
  };
  const std::string parameters = "tools[0].function_declarations[0].parameters";
  expect_invalid(
      desk, kGenerate,
      {{config(R"("temperature":2.1)"),
        bullet("generation_config.temperature: temperature must be in the range [0.0, 2.0].")},
       {config(R"("topP":-1)"), bullet("generation_config.top_p: top_p must be in the range [0.0, 1.0].")},
       {config(R"("candidateCount":9)"),
        bullet("generation_config.candidate_count: candidate_count must be in the range [1, 8].")},
       {config(R"("maxOutputTokens":0)"),
        bullet("generation_config.max_output_tokens: max_output_tokens must be positive.")},
       {config(R"("stopSequences":["1","2","3","4","5","6"])"),
        bullet("generation_config.stop_sequences: the number of stop sequences must not exceed 5.")},
       {config(R"("thinkingConfig":{"thinkingBudget":99999})"),
        "The thinking budget 99999 is invalid. Please choose a value between 0 and 32768."},
       {config(R"("responseMimeType":"text/html")"),
        bullet("generation_config.response_mime_type: allowed mimetypes are `text/plain`, `application/json`, "
               "`application/xml`, `application/yaml` and `text/x.enum`.")},
       {config(R"("responseSchema":{"type":"STRING"})"),
        bullet("generation_config.response_schema: only allowed when response_mime_type is `application/json` or "
               "`text/x.enum`")},
       {config(R"("responseMimeType":"application/json","responseSchema":{"type":"ARRAY"})"),
        bullet("generation_config.response_schema.items: missing field.")},
       {config(R"("responseModalities":["TEXT","IMAGE"])"),
        "The requested combination of response modalities is not supported by the model. models/gemini-2.5-flash "
        "accepts "
        "the following combination of response modalities:\n* TEXT\n"},
       {config(R"("responseLogprobs":true)"), "Logprobs is not enabled for models/gemini-2.5-flash"},
       {asking("x", kWeather + R"(,"generationConfig":{"responseMimeType":"application/json"})"),
        "Function calling with a response mime type: 'application/json' is unsupported"},
       {asking("x", R"("toolConfig":{"functionCallingConfig":{"mode":"AUTO"}})"),
        "Function calling config is set without function_declarations."},
       {asking("x", kWeather + R"(,"toolConfig":{"functionCallingConfig":{"allowedFunctionNames":["get_time"]}})"),
        bullet("tool_config.function_calling_config.allowed_function_names: should only be set when the mode is ANY or "
               "VALIDATED")},
       {asking("x",
               kWeather + R"(,"toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]}})"),
        bullet("tool_config.function_calling_config.allowed_function_names[0]: function 'f' is not declared")},
       {function(R"("name":"1st")"), bullet("tools[0].function_declarations[0].name: [FIELD_INVALID] Invalid function "
                                            "name. Must start with a letter or an "
                                            "underscore. Must be a-z, A-Z, 0-9, or contain underscores (_), dots (.), "
                                            "colons (:), or dashes (-), with a "
                                            "maximum length of 64.")},
       {function(R"("name":"f"},{"name":"f")"), "Duplicate function declaration found: f"},
       {function(R"("name":"f","parameters":{"type":"STRING","properties":{}})"),
        bullet(parameters + ".properties: only allowed for OBJECT type")},
       {function(R"("name":"f","parameters":{"type":"OBJECT","properties":{"a":{"type":"OBJECT","properties":{}}}})"),
        bullet(parameters + ".properties[a].properties: should be non-empty for OBJECT type")},
       {function(R"("name":"f","parameters":{"type":"OBJECT","properties":{"a":{"type":"STRING"}},"required":["b"]})"),
        bullet(parameters + ".required[0]: property is not defined")}});
  const Answered cached = desk.post(kGenerate, asking("x", R"("cachedContent":"cachedContents/a")"));
  EXPECT_EQ(cached.status, 403);
  EXPECT_EQ(cached.at("/error/status"), "PERMISSION_DENIED");
}

TEST(GeminiEndpoint, RefusesPromptsBeyondTheModel) {
  AppDesk desk("gemini");
  std::string words;
  for (int i = 0; i < 1'100'000; ++i) words += "a ";
  const Answered answer = desk.post(kGenerate, asking(words));
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(answer.at("/error/message").find("exceeds the maximum number of tokens allowed (1048576)"),
            std::string::npos);
}

}  // namespace
}  // namespace mimus::server
