#include "server/endpoints/chat_request.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "api/json_writer.h"
#include "server/endpoints/content_type.h"
#include "server/endpoints/golden_request.h"

namespace mimus::server {
namespace {

constexpr std::string_view kNotJson =
    "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library "
    "correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble "
    "figuring out how to fix this, please contact us through our help center at help.openai.com.)";

const Dialect& openai() {
  static const Result<Dialect> dialect = load_dialect("openai");
  return *dialect;
}

Result<Call, Refusal> read(std::string_view body) {
  return read_chat_request(body, openai(), *openai().find_endpoint("chat.completions"));
}

std::string line(int status, std::string_view type, Json param, Json code, std::string_view message) {
  return std::to_string(status) + " " + std::string(type) + " param=" + to_text(param) + " code=" + to_text(code) +
         " " + std::string(message);
}

std::string expected_line(Json error) {
  if (error.string_or("") == "not-json") return line(400, "invalid_request_error", {}, {}, kNotJson);
  return line(static_cast<int>(error.find("status").int_or(400)), error.find("type").string_or("invalid_request_error"),
              error.find("param"), error.find("code"), error.find("message").string_or("no message expected?"));
}

std::string found_line(const ApiError& error) {
  std::string json = "{";
  JsonWriter writer(json = "");
  writer.object();
  if (error.param) writer.member("param", *error.param);
  if (error.code) writer.member("code", *error.code);
  writer.end_object();
  const auto members = parse_json(json);
  return line(error.status, error.type, members->root().find("param"), members->root().find("code"), error.message);
}

TEST(ChatRequest, RefusesEachBadRequestInTheVendorsWords) {
  const GoldenRequests golden = load_golden_requests("bad_requests", "error");
  EXPECT_GE(golden.rows.size(), 150U);
  for (const GoldenRequest& row : golden.rows) {
    const auto call = read(row.body);
    if (call) {
      ADD_FAILURE() << row.name << ": was accepted";
    } else {
      EXPECT_EQ(found_line(openai().error(call.error())), expected_line(row.expected)) << row.name;
    }
  }
}

std::string_view name_of(Role role) {
  constexpr std::array<std::string_view, 6> kNames = {"system", "developer", "user", "assistant", "tool", "function"};
  return kNames.at(static_cast<std::size_t>(role));
}

void write_message(JsonWriter& writer, const Message& message) {
  writer.object().member("role", name_of(message.role)).member("text", message.text).member("name", message.name);
  writer.member("tool_call_id", message.tool_call_id).key("tool_calls").array();
  for (const ToolCall& call : message.tool_calls) {
    writer.object().member("id", call.id).member("name", call.name).member("arguments", call.arguments);
    writer.member("is_custom", call.is_custom).end_object();
  }
  writer.end_array().member("images", message.images).member("audios", message.audios).member("files", message.files);
  writer.end_object();
}

void write_tool(JsonWriter& writer, const ToolSpec& tool) {
  writer.object().member("name", tool.name).member("description", tool.description);
  writer.member("is_strict", tool.is_strict).member("is_custom", tool.is_custom);
  if (tool.parameters) writer.key("parameters").value(tool.parameters);
  writer.end_object();
}

void write_strings(JsonWriter& writer, std::string_view key, const std::vector<std::string>& strings) {
  writer.key(key).array();
  for (const std::string& each : strings) writer.string(each);
  writer.end_array();
}

void write_integer(JsonWriter& writer, std::string_view key, const std::optional<std::int64_t>& value) {
  if (value) {
    writer.member(key, *value);
  } else {
    writer.member(key, "none");
  }
}

std::string text_of(const Call& call) {
  constexpr std::array<std::string_view, 4> kModes = {"none", "auto", "required", "named"};
  constexpr std::array<std::string_view, 3> kFormats = {"text", "json_object", "json_schema"};
  std::string out;
  JsonWriter writer(out);
  writer.object().member("operation", call.operation).member("model", call.model).member("snapshot", call.snapshot);
  writer.key("messages").array();
  for (const Message& message : call.messages) write_message(writer, message);
  writer.end_array().key("tools").array();
  for (const ToolSpec& tool : call.tools) write_tool(writer, tool);
  writer.end_array().member("tool_choice", kModes.at(static_cast<std::size_t>(call.tool_choice.mode)));
  writer.member("tool_choice_name", call.tool_choice.name);
  write_strings(writer, "allowed", call.tool_choice.allowed);
  writer.member("parallel_tool_calls", call.parallel_tool_calls).member("legacy_functions", call.legacy_functions);
  writer.member("format", kFormats.at(static_cast<std::size_t>(call.format.kind)));
  writer.member("format_name", call.format.name);
  if (call.format.schema) writer.key("schema").value(call.format.schema);
  writer.member("n", call.n).member("logprobs", call.logprobs).member("top_logprobs", call.top_logprobs);
  write_integer(writer, "max_tokens", call.max_tokens);
  write_integer(writer, "seed", call.seed);
  write_strings(writer, "stop", call.stop);
  writer.member("stream", call.stream).member("include_usage", call.include_usage);
  writer.member("include_obfuscation", call.include_obfuscation).member("service_tier", call.service_tier);
  writer.end_object();
  return out;
}

TEST(ChatRequest, ReadsUnusualButValidRequests) {
  const GoldenRequests golden = load_golden_requests("good_requests", "call");
  EXPECT_GE(golden.rows.size(), 40U);
  for (const GoldenRequest& row : golden.rows) {
    const auto call = read(row.body);
    if (!call) {
      ADD_FAILURE() << row.name << ": " << openai().error(call.error()).message;
      continue;
    }
    EXPECT_GT(row.expected.size(), 0U) << row.name << ": expects nothing";
    const auto found = parse_json(text_of(*call));
    const std::string with_expected = to_text(merge_patch(found->root(), row.expected).root());
    EXPECT_EQ(to_text(found->root()), with_expected) << row.name;
  }
}

TEST(ChatRequest, KeepsTheBodyForItsViews) {
  std::optional<Call> call;
  {
    const std::string body = R"({"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],)"
                             R"("response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"a":1}}}})";
    auto read_call = read(body);
    ASSERT_TRUE(read_call);
    call = std::move(*read_call);
  }
  EXPECT_EQ(to_text(call->format.schema), R"({"a":1})");
}

TEST(ChatRequest, AcceptsUnknownModelsWhereTheDialectDoes) {
  const auto base = load_dialect_json("openai");
  const auto patch = parse_json(R"({"accepts_unknown_models":true})");
  const auto dialect = read_dialect(merge_patch(base->root(), patch->root()).root());
  ASSERT_TRUE(dialect);
  const auto call = read_chat_request(R"({"model":"my-model","messages":[{"role":"user","content":"Hi"}]})", *dialect,
                                      *dialect->find_endpoint("chat.completions"));
  ASSERT_TRUE(call);
  EXPECT_EQ(call->snapshot, "my-model");
}

// A dialect may have no rules at all: reading then falls back to defaults and never trips.
TEST(ChatRequest, SurvivesADialectWithoutRules) {
  const GoldenRequests golden = load_golden_requests("bad_requests", "error");
  for (const GoldenRequest& row : golden.rows) {
    Endpoint bare = *openai().find_endpoint("chat.completions");
    bare.rules = RequestRules();
    (void)read_chat_request(row.body, openai(), bare);
  }
}

TEST(CheckContext, RefusesWhatDoesNotFit) {
  const Model* model = openai().find_model("gpt-4");
  Call call;
  EXPECT_FALSE(check_context(call, model, 8192));
  EXPECT_FALSE(check_context(call, nullptr, 1'000'000));
  EXPECT_EQ(
      openai().error(*check_context(call, model, 8193)).message,
      "This model's maximum context length is 8192 tokens. However, your messages resulted in 8193 tokens. Please "
      "reduce the length of the messages.");
  call.max_tokens = 500;
  EXPECT_EQ(openai().error(*check_context(call, model, 8000)).message,
            "This model's maximum context length is 8192 tokens. However, you requested 8500 tokens (8000 in the "
            "messages, 500 in the completion). Please reduce the length of the messages or completion.");
}

TEST(ContentType, AcceptsJsonWithParameters) {
  for (const char* good : {"application/json", "Application/JSON", "application/json; charset=utf-8",
                           "application/json;charset=utf-8", " application/json ; x=y"}) {
    EXPECT_FALSE(check_json_content_type(good)) << good;
  }
}

TEST(ContentType, RefusesAllElse) {
  for (const char* bad : {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json",
                          "text/plain; application/json"}) {
    EXPECT_TRUE(check_json_content_type(bad)) << bad;
  }
  const ApiError error = openai().error(*check_json_content_type("text/plain"));
  EXPECT_EQ(error.message,
            "Unsupported content type: 'text/plain'. This API method only accepts 'application/json' requests, but you "
            "specified the header 'Content-Type: text/plain'. Please try again with a supported content type.");
  EXPECT_EQ(error.code, "unsupported_content_type");
}

}  // namespace
}  // namespace mimus::server
