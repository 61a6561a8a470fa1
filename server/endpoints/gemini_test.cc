#include "server/endpoints/gemini.h"

#include <fstream>

#include "server/encode/golden_file.h"
#include "server/endpoints/gemini_asks.h"

namespace mimus::server {
namespace {

using gemini_test::asking;
using gemini_test::bullet;
using gemini_test::expect_invalid;
using gemini_test::kGenerate;
using gemini_test::kModel;
using gemini_test::kStream;
using gemini_test::kWeather;
using gemini_test::user;

TEST(GeminiEndpoint, AnswersWithCandidatesAndUsage) {
  AppDesk desk("gemini");
  const Answered answer = desk.post(kGenerate, asking("What do mockingbirds sing?"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-type"), "application/json; charset=UTF-8");
  EXPECT_EQ(answer.at("/candidates/0/content/role"), "model");
  EXPECT_EQ(answer.at("/candidates/0/finishReason"), "STOP");
  EXPECT_EQ(answer.at("/candidates/1"), "missing");
  EXPECT_EQ(answer.at("/modelVersion"), "gemini-2.5-flash");
  EXPECT_EQ(answer.at("/usageMetadata/thoughtsTokenCount"), "missing");
}

TEST(GeminiGolden, MatchesByteForByte) {
  AppDesk desk("gemini");
  const std::string question = asking("Which bird sings at dawn?", R"("generationConfig":{"maxOutputTokens":12})");
  expect_golden("gemini/whole.json", desk.post(kGenerate, question).body);
  expect_golden("gemini/stream.sse", desk.post(kStream + "?alt=sse", question).body);
  expect_golden("gemini/stream.json", desk.post(kStream, question).body);
  expect_golden("gemini/call.json", desk.post(kGenerate, asking("Weather in Rome?", kWeather)).body);
  expect_golden("gemini/models.json", desk.get("/v1beta/models?pageSize=2").body);
  expect_golden("gemini/unknown_field.json", desk.post(kGenerate, asking("x", R"("x":1,"tools":[{"y":2}])")).body);
}

std::string joined_text(const std::string& json_array) {
  const auto array = parse_json(json_array);
  std::string text;
  if (!array) return "not JSON: " + json_array;
  for (const Json chunk : array->root().elements()) {
    text += chunk.find_pointer("/candidates/0/content/parts/0/text").string_or("");
  }
  return text;
}

TEST(GeminiEndpoint, StreamsWhatItSaysWhole) {
  AppDesk desk("gemini");
  const std::string whole = desk.post(kGenerate, asking("Tell me of rivers")).at("/candidates/0/content/parts/0/text");
  const Answered array = desk.post(kStream, asking("Tell me of rivers"));
  EXPECT_EQ(array.header("content-type"), "application/json; charset=UTF-8");
  EXPECT_EQ(joined_text(array.body), whole);
  const Answered events = desk.post(kStream + "?alt=sse", asking("Tell me of rivers"));
  EXPECT_EQ(events.header("content-type"), "text/event-stream");
  EXPECT_EQ(events.body.find("[DONE]"), std::string::npos);
  EXPECT_TRUE(events.body.ends_with("\r\n\r\n"));
}

struct GoodRow {
  std::string body;
  std::string pointer;
  std::string expected;
};

TEST(GeminiEndpoint, TakesEveryDocumentedField) {
  AppDesk desk("gemini");
  const std::string part = "/candidates/0/content/parts/0";
  const GoodRow rows[] = {
      {asking("x", R"("generationConfig":{"maxOutputTokens":3})"), "/candidates/0/finishReason", "MAX_TOKENS"},
      {asking("x", R"("generationConfig":{"max_output_tokens":"3"})"), "/usageMetadata/candidatesTokenCount", "3"},
      {asking("x", R"("generation_config":{"candidateCount":2})"), "/candidates/1/index", "1"},
      {asking("x", R"("generationConfig":{"temperature":2,"topP":1,"topK":40,"seed":-4,"presencePenalty":-2,)"
                   R"("frequencyPenalty":1.5,"stopSequences":["a","b","c","d","e"]})"),
       "/candidates/0/finishReason", "STOP"},
      {asking("x", R"("generationConfig":{"responseMimeType":"application/json","responseSchema":{"type":"object",)"
                   R"("properties":{"ok":{"type":"BOOLEAN"}},"required":["ok"]}})"),
       "/candidates/0/finishReason", "STOP"},
      {asking("x", R"("generationConfig":{"responseMimeType":"text/x.enum","responseSchema":{"type":"STRING",)"
                   R"("enum":["Only"]}})"),
       part + "/text", "Only"},
      {asking("x", R"("generationConfig":{"responseMimeType":"application/json","responseJsonSchema":{"const":7}})"),
       part + "/text", "7"},
      {asking("x", kWeather + R"(,"toolConfig":{"functionCallingConfig":{"mode":"any",)"
                              R"("allowedFunctionNames":["get_time"]}})"),
       part + "/functionCall/name", "get_time"},
      {asking("x", kWeather + R"(,"toolConfig":{"functionCallingConfig":{"mode":"NONE"}})"), part + "/functionCall",
       "missing"},
      {asking("Weather?", R"("tools":[{"functionDeclarations":[{"name":"f","parametersJsonSchema":{"type":"object",)"
                          R"("properties":{"n":{"const":3}},"required":["n"]}}]}])"),
       part + "/functionCall/args", R"({"n":3})"},
      {asking("x", R"("systemInstruction":{"parts":[{"text":"Be brief."}]},"safetySettings":[{"category":)"
                   R"("HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_NONE"}],"tools":[{"googleSearch":{}}])"),
       "/candidates/0/finishReason", "STOP"},
      {asking("x", R"("generationConfig":{"thinkingConfig":{"includeThoughts":true,"thinkingBudget":64}})"),
       part + "/thought", "true"},
      {asking("x", R"("generationConfig":{"thinkingConfig":{"thinkingLevel":"low"}})"), part + "/thought", "missing"},
      {R"({"contents":[{"parts":[{"text":"a"}]},{"role":"model","parts":[{"text":"I "}]},{"role":"model","parts":)"
       R"([{"functionCall":{"name":"f"}}]},{"role":"model","parts":[{"functionCall":{"name":"f"}}]},{"parts":)"
       R"([{"functionResponse":{"name":"f","response":{}}},{"functionResponse":{"name":"f","response":{}}}]}]})",
       "/candidates/0/finishReason", "STOP"},
      {R"({"contents":{"parts":{"text":"a list of one"}}})", "/candidates/0/finishReason", "STOP"},
      {R"({"contents":[{"parts":[{"text":"see"},{"inlineData":{"mimeType":"image/png","data":"aGk="}},)"
       R"({"file_data":{"mime_type":"video/mp4","file_uri":"gs://x"}}]}]})",
       "/candidates/0/finishReason", "STOP"},
  };
  for (const GoodRow& row : rows) {
    const Answered answer = desk.post(kGenerate, row.body);
    EXPECT_EQ(answer.status, 200) << row.body << answer.body;
    EXPECT_EQ(answer.at(row.pointer), row.expected) << row.body << "\n" << answer.body;
  }
}

TEST(GeminiEndpoint, EndsALoopOfFunctionCallsInText) {
  AppDesk desk("gemini");
  const Answered first = desk.post(kGenerate, asking("Weather in Rome?", kWeather));
  EXPECT_EQ(first.at("/candidates/0/finishReason"), "STOP");
  EXPECT_EQ(first.at("/candidates/0/content/parts/0/functionCall/name"), "get_weather");
  const std::string call = first.at("/candidates/0/content");
  const Answered second =
      desk.post(kGenerate, R"({"contents":[)" + user("Weather in Rome?") + "," + call +
                               R"(,{"role":"user","parts":[{"functionResponse":{"name":"get_weather","response":)"
                               R"({"sky":"clear"}}}]}],)" +
                               kWeather + "}");
  EXPECT_EQ(second.at("/candidates/0/content/parts/0/functionCall"), "missing") << second.body;
  EXPECT_NE(second.at("/candidates/0/content/parts/0/text").find("clear"), std::string::npos);
}

struct UrlRow {
  std::string method;
  std::string target;
  int status;
  std::string code;
  std::string message;
};

TEST(GeminiEndpoint, SpeaksGooglesErrorsOnEveryPath) {
  AppDesk desk("gemini");
  const UrlRow rows[] = {
      {"POST", "/v1beta/models/gemini-9:generateContent", 404, "NOT_FOUND",
       "models/gemini-9 is not found for API version v1beta, or is not supported for generateContent. Call ListModels "
       "to "
       "see the list of available models and their supported methods."},
      {"POST", "/v1beta/models/gemini-9:countTokens", 404, "NOT_FOUND",
       "models/gemini-9 is not found for API version v1beta, or is not supported for countTokens. Call ListModels to "
       "see "
       "the list of available models and their supported methods."},
      {"GET", "/v1beta/models/gemini-9", 404, "NOT_FOUND",
       "Model is not found: models/gemini-9 for api version v1beta"},
      {"GET", kGenerate, 404, "NOT_FOUND",
       "Model is not found: models/gemini-2.5-flash:generateContent for api version v1beta"},
      {"DELETE", kModel, 404, "NOT_FOUND", "Method not found."},
      {"POST", kModel + ":embedContent", 404, "NOT_FOUND", "Method not found."},
      {"GET", "/v2/anything", 404, "NOT_FOUND", "Method not found."},
      {"POST", kStream + "?alt=xml", 400, "INVALID_ARGUMENT", "Invalid value \"xml\" for query parameter \"alt\"."},
      {"GET", "/v1beta/models?pageSize=many", 400, "INVALID_ARGUMENT",
       "Invalid value at 'page_size' (TYPE_INT32), \"many\""},
      {"GET", "/v1beta/models?pageToken=none", 400, "INVALID_ARGUMENT", "Page token is invalid."},
  };
  for (const UrlRow& row : rows) {
    // A name that the model does not have is looked at first, so the body has none.
    const Answered answer = desk.ask(row.method, row.target, row.method == "GET" ? "" : asking("x"));
    EXPECT_EQ(answer.status, row.status) << row.target << answer.body;
    EXPECT_EQ(answer.at("/error/code"), std::to_string(row.status)) << row.target;
    EXPECT_EQ(answer.at("/error/status"), row.code) << row.target;
    EXPECT_EQ(answer.at("/error/message"), row.message) << row.target;
  }
  const Answered type = desk.ask("POST", kGenerate, asking("x"), "text/plain");
  EXPECT_EQ(type.status, 400);
  EXPECT_EQ(type.at("/error/status"), "INVALID_ARGUMENT");
}

TEST(GeminiEndpoint, CountsTokens) {
  AppDesk desk("gemini");
  const std::string path = kModel + ":countTokens";
  const std::string asked = desk.post(kGenerate, asking("How long is this?")).at("/usageMetadata/promptTokenCount");
  EXPECT_EQ(desk.post(path, asking("How long is this?")).at("/totalTokens"), asked);
  const std::string whole = R"({"generateContentRequest":{"model":"models/gemini-2.5-flash","contents":[)" +
                            user("How long is this?") + "]}}";
  EXPECT_EQ(desk.post(path, whole).at("/totalTokens"), asked);
  EXPECT_EQ(desk.post(path, whole).at("/promptTokensDetails/0/tokenCount"), asked);
  expect_invalid(desk, path,
                 {{"{}", "* CountTokensRequest.contents: contents is not specified\n"},
                  {asking("x", R"("generationConfig":{})"),
                   "Invalid JSON payload received. Unknown name \"generationConfig\": Cannot find field."},
                  {asking("x", R"("generateContentRequest":{})"),
                   "* CountTokensRequest: contents and generate_content_request are mutually exclusive.\n"},
                  {R"({"generateContentRequest":{}})", bullet("contents: contents is not specified")}});
}

TEST(GeminiEndpoint, ListsItsModelsInPages) {
  AppDesk desk("gemini");
  const Answered all = desk.get("/v1beta/models");
  EXPECT_EQ(all.at("/models/2/name"), "models/gemini-2.5-pro");
  EXPECT_EQ(all.at("/models/2/displayName"), "Gemini 2.5 Pro");
  EXPECT_EQ(all.at("/nextPageToken"), "missing");
  const Answered first = desk.get("/v1beta/models?pageSize=3");
  EXPECT_EQ(first.at("/models/3"), "missing");
  const Answered second = desk.get("/v1beta/models?pageSize=3&pageToken=" + first.at("/nextPageToken"));
  EXPECT_EQ(second.at("/models/0"), all.at("/models/3"));
  EXPECT_EQ(desk.get(kModel).at("/supportedGenerationMethods"),
            R"(["generateContent","streamGenerateContent","countTokens"])");
}

// The platform's document: its own statuses and texts, Google's form, and only the header that it names.
TEST(GeminiEndpoint, IsPartOfThePlatform) {
  AppDesk desk("platform");
  const std::string path = "/api/v1beta/models/gemini-2.5-pro:generateContent";
  const std::string body = R"({"contents":[{"parts":[{"text":"Explain quantum entanglement simply."}]}]})";
  const Answered refused = desk.post(path, body);
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.body, R"({"error":{"code":401,"message":"Invalid API key provided.","status":"UNAUTHENTICATED"}})");
  EXPECT_EQ(desk.post(path + "?key=abc", body).status, 401);
  EXPECT_EQ(desk.get("/api/v1beta/nothing").at("/error/status"), "NOT_FOUND");
  EXPECT_EQ(desk.get("/api/v1/nothing").at("/error/type"), "not_found_error");
  desk.more_headers = {{"x-goog-api-key", "abc"}};
  const Answered answer = desk.post(path, body);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("allow"), "");
  EXPECT_EQ(answer.at("/candidates/0/content/role"), "model");
  EXPECT_EQ(desk.get("/api/v1/models").at("/data/0/object"), "model");
  EXPECT_EQ(desk.get("/api/v1beta/models").at("/models/0/name"), "models/gpt-4o");
  EXPECT_EQ(desk.post("/api/v1beta/models/dall-e-3:generateContent", body).status, 404);
  EXPECT_EQ(desk.post("/api/v1beta/models/dall-e-3%3AgenerateContent", body).status, 404);
}

TEST(GeminiEndpoint, TakesItsKeyWhereTheDialectSays) {
  AppOptions options;
  options.dialects = {"gemini"};
  options.api_keys = {"right"};
  AppDesk desk(options);
  const Answered wrong = desk.get("/v1beta/models");  // with the desk's Bearer token
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(wrong.at("/error/message"), "API key not valid. Please pass a valid API key.");
  EXPECT_EQ(wrong.at("/error/details/0/reason"), "API_KEY_INVALID");
  EXPECT_EQ(desk.get("/v1beta/models?key=right").status, 200);
  desk.more_headers = {{"x-goog-api-key", "right"}};
  EXPECT_EQ(desk.get("/v1beta/models").status, 200);
}

class GeminiScript : public testing::Test {
 protected:
  GeminiScript() {
    std::ofstream(file_) << R"({"mimus":1,"fixtures":[
      {"when":{"last_user":"hello"},"reply":{"text":"Hi there.","reasoning":"They greet me."}},
      {"when":{"last_user":"busy"},"reply":{"error":"rate_limited_requests","headers":{"retry-after":"7"}}},
      {"when":{"tool_result":{"contains":"42"}},"reply":{"text":"It is {{json:/contents/0/parts/0/text}}"}},
      {"when":{"offers_tool":"f"},"reply":{"tool_calls":[{"name":"f","arguments":{"a":1}}]}}]})";
    AppOptions options;
    options.dialects = {"gemini"};
    options.fixtures = {file_};
    desk_ = std::make_unique<AppDesk>(options);
  }
  ~GeminiScript() override { std::remove(file_.c_str()); }

  std::string file_ = testing::TempDir() + "/gemini_" + std::to_string(::getpid()) + ".json";
  std::unique_ptr<AppDesk> desk_;
};

TEST_F(GeminiScript, SaysWhatFixturesSay) {
  const Answered plain = desk_->post(kGenerate, asking("hello"));
  EXPECT_EQ(plain.at("/candidates/0/content/parts"), R"([{"text":"Hi there."}])");
  EXPECT_EQ(plain.at("/usageMetadata/thoughtsTokenCount"), "4");
  const Answered thinking =
      desk_->post(kGenerate, asking("hello", R"("generationConfig":{"thinkingConfig":{"includeThoughts":true}})"));
  EXPECT_EQ(thinking.at("/candidates/0/content/parts/0"), R"({"text":"They greet me.","thought":true})");
  const std::string tools = R"("tools":[{"function_declarations":[{"name":"f"}]}])";
  const Answered call = desk_->post(kGenerate, asking("what", tools));
  EXPECT_EQ(call.at("/candidates/0/content/parts/0/functionCall"), R"({"name":"f","args":{"a":1}})");
  const Answered result =
      desk_->post(kGenerate, R"({"contents":[)" + user("six") +
                                 R"(,{"role":"model","parts":[{"functionCall":{"name":"f"}}]},)"
                                 R"({"parts":[{"function_response":{"name":"f","response":{"n":42}}}]}]})");
  EXPECT_EQ(result.at("/candidates/0/content/parts/0/text"), "It is six");
}

TEST_F(GeminiScript, FailsInGooglesForm) {
  const Answered busy = desk_->post(kGenerate, asking("busy"));
  EXPECT_EQ(busy.status, 429);
  EXPECT_EQ(busy.at("/error/status"), "RESOURCE_EXHAUSTED");
  EXPECT_EQ(busy.header("retry-after"), "7");
  desk_->more_headers = {{"x-mimus", "status=503"}};
  EXPECT_EQ(desk_->post(kGenerate, asking("x")).at("/error/message"),
            "The model is overloaded. Please try again later.");
  desk_->more_headers = {{"x-mimus", "status=418"}};
  EXPECT_EQ(desk_->post(kStream, asking("x")).at("/error/status"), "FAILED_PRECONDITION");
  desk_->more_headers = {{"x-mimus", "nonsense"}};
  EXPECT_EQ(desk_->post(kGenerate, asking("x")).at("/error/details/0/reason"), "wrong_directive");
  desk_->more_headers = {{"x-mimus", "fault=error_event:after_chunks=2"}};
  EXPECT_EQ(desk_->post(kModel + ":countTokens", asking("hello")).status, 200);  // the fixture's text is no count
  const Answered cut = desk_->post(kStream + "?alt=sse", asking("hello"));
  EXPECT_NE(cut.body.find("\r\n\r\ndata: {\"error\":{\"code\":500,"), std::string::npos) << cut.body;
}

TEST_F(GeminiScript, IsSteeredBehindTheModelsName) {
  const Answered answer = desk_->post(kModel + ";tokens=5:generateContent", asking("x"));
  EXPECT_EQ(answer.at("/usageMetadata/candidatesTokenCount"), "5") << answer.body;
  EXPECT_EQ(answer.at("/modelVersion"), "gemini-2.5-flash");
}

}  // namespace
}  // namespace mimus::server
