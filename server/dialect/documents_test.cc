// What each vendor's document states, row by row. A row names the document and where it says so.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "api/json.h"
#include "server/dialect/dialect.h"

namespace mimus::server {
namespace {

Dialect load(const std::string& name) {
  auto dialect = load_dialect(name);
  EXPECT_TRUE(dialect) << name << ": " << (dialect ? "" : dialect.error().text());
  return dialect ? std::move(*dialect) : Dialect();
}

TEST(Documents, EveryDialectLoadsAndNamesItsSources) {
  for (const std::string& name : dialect_names()) {
    const Dialect dialect = load(name);
    EXPECT_EQ(dialect.name, name);
    EXPECT_FALSE(dialect.sources.empty()) << name;
  }
}

struct EndpointRow {
  const char* place;
  const char* dialect;
  const char* operation;
  const char* method;
  const char* path;
};

TEST(Documents, StateTheirEndpoints) {
  const EndpointRow rows[] = {
      {"000 Endpoints", "ramclouds", "chat.completions", "POST", "/v1/chat/completions"},
      {"000 Endpoints", "ramclouds", "models.list", "GET", "/v1/models"},
      {"000 Endpoints", "ramclouds", "images.generations", "POST", "/v1/images/generations"},
      {"000 Endpoints", "ramclouds", "embeddings", "POST", "/v1/embeddings"},
      {"001 Endpoint", "ramclouds", "chat.completions", "POST", "/v1/chat/completions"},
      {"002 Chat Completions", "platform", "chat.completions", "POST", "/api/v1/chat/completions"},
      {"002 Image Generation", "platform", "images.generations", "POST", "/api/v1/images/generations"},
      {"002 List Models", "platform", "models.list", "GET", "/api/v1/models"},
      {"003 Request Format", "ozwell", "chat.completions", "POST", "/v1/chat/completions"},
      {"003 Overview, Models", "ozwell", "models.list", "GET", "/v1/models"},
      {"003 Overview, Models", "ozwell", "models.retrieve", "GET", "/v1/models/{model}"},
      {"003 Overview, Embeddings", "ozwell", "embeddings", "POST", "/v1/embeddings"},
      {"003 Overview, File Management", "ozwell", "files.create", "POST", "/v1/files"},
      {"003 Overview, File Management", "ozwell", "files.list", "GET", "/v1/files"},
      {"003 Overview, File Management", "ozwell", "files.delete", "DELETE", "/v1/files/{file_id}"},
      {"004 Chat Completions", "choreo", "chat.completions", "POST", "/v1/chat/completions"},
      {"004 Embeddings", "choreo", "embeddings", "POST", "/v1/embeddings"},
      {"004 Models", "choreo", "models.list", "GET", "/v1/models"},
      {"004 Health Check", "choreo", "health", "GET", "/health"},
  };
  for (const EndpointRow& row : rows) {
    const Dialect dialect = load(row.dialect);
    const Endpoint* endpoint = dialect.find_endpoint(row.operation);
    ASSERT_NE(endpoint, nullptr) << row.place << ": " << row.operation;
    EXPECT_EQ(endpoint->method, row.method) << row.place;
    EXPECT_EQ(endpoint->path, row.path) << row.place;
    EXPECT_EQ(endpoint->auth.header, "authorization") << row.place;
    EXPECT_EQ(endpoint->auth.scheme, "Bearer") << row.place;
  }
}

TEST(Documents, OfferNothingThatTheyDoNotState) {
  const std::pair<const char*, const char*> rows[] = {
      {"ramclouds", "files.create"},    {"ramclouds", "completions"}, {"ramclouds", "models.retrieve"},
      {"platform", "embeddings"},       {"platform", "files.create"}, {"platform", "models.retrieve"},
      {"ozwell", "images.generations"}, {"ozwell", "moderations"},    {"choreo", "images.generations"},
      {"choreo", "files.create"},       {"openai", "health"}};
  for (const auto& [dialect, operation] : rows)
    EXPECT_EQ(load(dialect).find_endpoint(operation), nullptr) << dialect << " " << operation;
}

struct ErrorLine {
  const char* place;
  const char* dialect;
  const char* situation;
  int status;
  const char* type;
  const char* code;     // "" for null
  const char* message;  // "" when the document has none
};

TEST(Documents, StateTheirErrors) {
  const ErrorLine rows[] = {
      {"000 Error Handling", "ramclouds", "invalid_api_key", 401, "authentication_error", "invalid_api_key",
       "Invalid API key"},
      {"000 Common Error Codes 400", "ramclouds", "missing_required_parameter", 400, "invalid_request_error",
       "missing_required_parameter", ""},
      {"000 Common Error Codes 401", "ramclouds", "no_api_key", 401, "authentication_error", "invalid_api_key",
       "Invalid API key"},
      {"000 Common Error Codes 403", "ramclouds", "out_of_quota", 403, "permission_error", "insufficient_credits", ""},
      {"000 Common Error Codes 404", "ramclouds", "model_not_found", 404, "not_found_error", "model_not_found", ""},
      {"000 Common Error Codes 429", "ramclouds", "rate_limited_requests", 429, "rate_limit_error",
       "rate_limit_exceeded", ""},
      {"000 Common Error Codes 500", "ramclouds", "server_error", 500, "internal_server_error", "", ""},
      {"002 Example error response", "platform", "invalid_api_key", 401, "authentication_error", "invalid_api_key",
       "Invalid API key provided."},
      {"002 Error Codes 400", "platform", "invalid_json", 400, "invalid_request_error", "", ""},
      {"002 Error Codes 400", "platform", "missing_model", 400, "invalid_request_error", "missing_required_parameter",
       ""},
      {"002 Error Codes 401", "platform", "no_api_key", 401, "authentication_error", "invalid_api_key",
       "Invalid API key provided."},
      {"002 Error Codes 403", "platform", "permission_denied", 403, "permission_error", "permission_denied", ""},
      {"002 Error Codes 404", "platform", "unknown_url", 404, "not_found_error", "not_found", ""},
      {"002 Error Codes 404", "platform", "model_not_found", 404, "not_found_error", "model_not_found", ""},
      {"002 Error Codes 429", "platform", "rate_limited_requests", 429, "rate_limit_error", "rate_limit_exceeded", ""},
      {"002 Error Codes 500", "platform", "server_error", 500, "internal_server_error", "internal_error", ""},
      {"002 Error Codes 503", "platform", "overloaded", 503, "service_unavailable_error", "upstream_unavailable", ""},
      {"003 Error Handling", "ozwell", "invalid_api_key", 401, "authentication_error", "invalid_api_key",
       "Invalid API key provided"},
      {"003 HTTP Status Codes 400", "ozwell", "invalid_type", 400, "invalid_request_error", "invalid_type", ""},
      {"003 HTTP Status Codes 401", "ozwell", "no_api_key", 401, "authentication_error", "invalid_api_key",
       "Invalid API key provided"},
      {"003 HTTP Status Codes 403", "ozwell", "permission_denied", 403, "permission_error", "insufficient_permissions",
       ""},
      {"003 HTTP Status Codes 404", "ozwell", "not_found", 404, "not_found_error", "not_found", ""},
      {"003 HTTP Status Codes 429", "ozwell", "rate_limited_tokens", 429, "rate_limit_error", "rate_limit_exceeded",
       ""},
      {"003 HTTP Status Codes 500", "ozwell", "server_error", 500, "internal_server_error", "", ""},
      {"004 Error Handling", "choreo", "invalid_api_key", 401, "authentication_error", "invalid_api_key",
       "Invalid API key provided"},
      {"004 Authentication", "choreo", "no_api_key", 401, "authentication_error", "invalid_api_key",
       "Invalid API key provided"},
  };
  for (const ErrorLine& row : rows) {
    const Dialect dialect = load(row.dialect);
    const ApiError error = dialect.error(row.situation);
    EXPECT_EQ(error.status, row.status) << row.place;
    EXPECT_EQ(error.type, row.type) << row.place;
    EXPECT_EQ(error.code.value_or(""), row.code) << row.place;
    if (*row.message != '\0') {
      EXPECT_EQ(error.message, row.message) << row.place;
    }
    EXPECT_EQ(dialect.error_members, (std::vector<std::string>{"message", "type", "code"})) << row.place;
  }
}

// No vendor's error may speak of OpenAI, and none but the reference has its types.
TEST(Documents, KeepTheReferencesWordsToItself) {
  const char* const situations[] = {
      "no_api_key",    "invalid_api_key",     "permission_denied",     "unknown_url",           "model_not_found",
      "missing_model", "rate_limited_tokens", "rate_limited_requests", "out_of_quota",          "server_error",
      "overloaded",    "unknown_url_outside", "model_not_listed",      "model_not_for_endpoint"};
  for (const char* name : {"ramclouds", "platform", "ozwell", "choreo"}) {
    const Dialect dialect = load(name);
    for (const char* situation : situations) {
      if (std::string(name) == "choreo" && std::string(situation) == "out_of_quota") continue;  // the provider's own
      EXPECT_EQ(dialect.error(situation).message.find("openai.com"), std::string::npos) << name << " " << situation;
    }
    EXPECT_TRUE(dialect.headers.empty()) << name;
  }
}

std::string chat(const std::string& more) {
  return R"({"model":"gpt-5","messages":[{"role":"user","content":"Hello!"}])" + more + "}";
}

struct ParameterRow {
  const char* place;
  const char* dialect;
  const char* operation;
  std::string body;
  const char* refused;  // the situation; "" for none
};

std::vector<ParameterRow> parameter_rows() {
  const std::string image = R"({"model":"dall-e-3","prompt":"a cat")";
  const std::string long_prompt = R"({"model":"dall-e-2","prompt":")" + std::string(4000, 'x');
  return {
      {"001 model", "ramclouds", "chat.completions", R"({"messages":[]})", "missing_model"},
      {"001 messages", "ramclouds", "chat.completions", R"({"model":"gpt-5"})", "missing_required_parameter"},
      {"001 temperature", "ramclouds", "chat.completions", chat(R"(,"temperature":2)"), ""},
      {"001 temperature", "ramclouds", "chat.completions", chat(R"(,"temperature":2.1)"), "decimal_above_max_value"},
      {"001 temperature", "ramclouds", "chat.completions", chat(R"(,"temperature":-0.1)"), "decimal_below_min_value"},
      {"001 max_tokens", "ramclouds", "chat.completions", chat(R"(,"max_tokens":1.5)"), "invalid_type"},
      {"001 stream", "ramclouds", "chat.completions", chat(R"(,"stream":"yes")"), "invalid_type"},
      {"001 top_p", "ramclouds", "chat.completions", chat(R"(,"top_p":3)"), ""},
      {"001 frequency_penalty", "ramclouds", "chat.completions", chat(R"(,"frequency_penalty":-2)"), ""},
      {"001 frequency_penalty", "ramclouds", "chat.completions", chat(R"(,"frequency_penalty":-3)"),
       "decimal_below_min_value"},
      {"001 presence_penalty", "ramclouds", "chat.completions", chat(R"(,"presence_penalty":2.5)"),
       "decimal_above_max_value"},
      {"001 stop", "ramclouds", "chat.completions", chat(R"(,"stop":["a","b","c","d","e"])"), ""},
      {"001 stop", "ramclouds", "chat.completions", chat(R"(,"stop":"a")"), ""},
      {"001 stop", "ramclouds", "chat.completions", chat(R"(,"stop":1)"), "invalid_type"},
      {"A24 unknown members", "ramclouds", "chat.completions", chat(R"(,"whatever":1)"), ""},
      {"002 temperature", "platform", "chat.completions", chat(R"(,"temperature":2.5)"), "decimal_above_max_value"},
      {"002 top_p", "platform", "chat.completions", chat(R"(,"top_p":1)"), ""},
      {"002 stop", "platform", "chat.completions", chat(R"(,"stop":["a","b","c","d"])"), ""},
      {"002 stop", "platform", "chat.completions", chat(R"(,"stop":["a","b","c","d","e"])"), "array_above_max_length"},
      {"002 image model", "platform", "images.generations", R"({"prompt":"a cat"})", "missing_model"},
      {"002 image prompt", "platform", "images.generations", R"({"model":"dall-e-3"})", "missing_required_parameter"},
      {"002 image prompt", "platform", "images.generations", long_prompt + "\"}", ""},
      {"002 image prompt", "platform", "images.generations", long_prompt + "x\"}", "string_above_max_length"},
      {"002 image size", "platform", "images.generations", image + R"(,"size":"1792x1024"})", ""},
      {"002 image size", "platform", "images.generations", image + R"(,"size":"1536x1024"})", "invalid_value"},
      {"002 image quality", "platform", "images.generations", image + R"(,"quality":"hd"})", ""},
      {"002 image quality", "platform", "images.generations", image + R"(,"quality":"high"})", "invalid_value"},
      {"002 image n", "platform", "images.generations", image + R"(,"n":4})", ""},
      {"002 image n", "platform", "images.generations", image + R"(,"n":5})", "integer_above_max_value"},
      {"002 image n", "platform", "images.generations", image + R"(,"n":0})", "integer_below_min_value"},
      {"002 image response_format", "platform", "images.generations", image + R"(,"response_format":"b64_json"})", ""},
      {"002 image response_format", "platform", "images.generations", image + R"(,"response_format":"png"})",
       "invalid_value"},
      {"003 follows the reference", "ozwell", "embeddings", R"({"model":"m","input":"x","encoding_format":"base64"})",
       ""},
      {"004 max_tokens", "choreo", "chat.completions", chat(R"(,"temperature":0.7,"max_tokens":150)"), ""},
      {"004 function calling", "choreo", "chat.completions",
       chat(R"(,"tools":[{"type":"function","function":{"name":"f"}}])"), ""},
      {"reference, embeddings", "openai", "embeddings", R"({"model":"m","input":"x","more":1})",
       "unrecognized_argument"},
      {"reference, embeddings", "openai", "embeddings", R"({"model":"m","input":""})", "empty_string"},
      {"reference, embeddings", "openai", "embeddings", R"({"model":"m","input":[[1,2],[3]],"dimensions":0})",
       "integer_below_min_value"},
      {"reference, completions", "openai", "completions", R"({"model":"m","prompt":["a",[1]],"logprobs":6})",
       "integer_above_max_value"},
      {"reference, moderations", "openai", "moderations", R"({"input":[{"type":"text","text":"x"},"y"]})", ""},
      {"reference, moderations", "openai", "moderations", R"({"input":[{"type":"audio"}]})", "invalid_value"},
      {"reference, images", "openai", "images.generations", R"({"prompt":"x","partial_images":4})",
       "integer_above_max_value"},
  };
}

TEST(Documents, StateTheirParametersAndRanges) {
  for (const ParameterRow& row : parameter_rows()) {
    const Dialect dialect = load(row.dialect);
    const Endpoint* endpoint = dialect.find_endpoint(row.operation);
    ASSERT_NE(endpoint, nullptr) << row.place;
    const auto body = parse_json(row.body);
    ASSERT_TRUE(body) << row.body;
    const auto refusal = endpoint->rules.check(body->root());
    EXPECT_EQ(refusal ? refusal->situation : "", row.refused) << row.place << ": " << row.body.substr(0, 200);
  }
}

struct PlanRow {
  const char* place;
  const char* dialect;
  const char* plan;
  const char* operation;
  std::optional<std::int64_t> requests;
  std::optional<std::int64_t> tokens;
};

TEST(Documents, StateTheirPlans) {
  const PlanRow rows[] = {
      {"002 Rate Limits, Free", "platform", "free", "chat.completions", 10, {}},
      {"002 Rate Limits, Free", "platform", "free", "images.generations", 5, {}},
      {"002 Rate Limits, Standard", "platform", "standard", "chat.completions", 60, {}},
      {"002 Rate Limits, Standard", "platform", "standard", "images.generations", 20, {}},
      {"002 Rate Limits, Pro", "platform", "pro", "chat.completions", 300, {}},
      {"002 Rate Limits, Pro", "platform", "pro", "images.generations", 60, {}},
      {"003 Rate Limits, Free", "ozwell", "free", "chat.completions", 20, 10'000},
      {"003 Rate Limits, Pro", "ozwell", "pro", "embeddings", 100, 100'000},
  };
  for (const PlanRow& row : rows) {
    const LimitRules limits = load(row.dialect).limits;
    const auto plan = limits.plans.find(row.plan);
    ASSERT_NE(plan, limits.plans.end()) << row.place;
    const auto limit = plan->second.find(limits.class_of(row.operation));
    ASSERT_NE(limit, plan->second.end()) << row.place;
    EXPECT_EQ(limit->second, (MinuteLimits{row.requests, row.tokens})) << row.place;
    EXPECT_TRUE(limits.is_counted(row.operation)) << row.place;
  }
  for (const char* name : {"platform", "ozwell"}) {  // 002 and 003, Enterprise: custom
    EXPECT_TRUE(load(name).limits.plans.at("enterprise").empty());
  }
  EXPECT_FALSE(load("platform").limits.is_counted("models.list"));
  EXPECT_EQ(load("platform").limits.class_of("models.list"), "chat");
  for (const char* name : {"ramclouds", "choreo"}) EXPECT_TRUE(load(name).limits.plans.empty()) << name;
}

TEST(Documents, StateTheirModels) {
  EXPECT_EQ(load("platform").models.size(), 6u);  // 002 List Models
  EXPECT_FALSE(load("platform").find_model("gpt-4o")->created);
  EXPECT_EQ(load("platform").find_model("claude-sonnet-4-20250514")->owned_by, "anthropic");
  const Dialect ramclouds = load("ramclouds");
  for (const char* id : {"gpt-5",
                         "gpt-5.1",
                         "gpt-5.2",
                         "gpt-5-codex",
                         "gpt-5-codex-mini",
                         "claude-opus-4-5",
                         "claude-sonnet-4-5",
                         "claude-haiku-4-5",
                         "gemini-2.5-pro",
                         "gemini-2.5-flash",
                         "gemini-3-pro-preview",
                         "gemini-3-flash-preview",
                         "deepseek-v3.1",
                         "deepseek-v3.2",
                         "qwen3-max",
                         "qwen3-coder-plus",
                         "qwen3-coder-flash",
                         "kimi-k2-thinking",
                         "glm-4.6",
                         "glm-4.7",
                         "minimax-m2.1"}) {  // 001 Supported Models
    const Model* model = ramclouds.find_model(id);
    ASSERT_NE(model, nullptr) << id;
    EXPECT_TRUE(model->serves_operation("chat.completions")) << id;
    EXPECT_TRUE(model->refuses.empty()) << id;
    EXPECT_EQ(model->snapshot, id);
  }
  EXPECT_FALSE(ramclouds.accepts_unknown_models);     // 000 Common Error Codes 404
  EXPECT_EQ(load("ozwell").auth.key_prefix, "ozw_");  // 003 Get Your API Key
}

}  // namespace
}  // namespace mimus::server
