#include "server/journal/redact.h"

#include <gtest/gtest.h>

namespace mimus::server {
namespace {

TEST(Redact, KnowsHeadersThatMayCarryCredentials) {
  for (const char* name : {"Authorization", "proxy-authorization", "X-API-Key", "api-key", "x-goog-api-key", "Cookie",
                           "set-cookie", "OpenAI-Organization", "x-gateway-token", "X-Amz-Security-Token",
                           "x-client-secret", "cf-access-client-secret", "x-mimus-token", "Password"}) {
    EXPECT_TRUE(is_secret_header(name)) << name;
  }
  for (const char* name : {"content-type", "accept", "user-agent", "x-mimus", "x-mimus-test", "host", "Idempotency-Key",
                           "x-stainless-lang", "content-length", "ke", "k%y", "x-a5th", "cook", ""}) {
    EXPECT_FALSE(is_secret_header(name)) << name;
  }
}

TEST(Redact, TakesKeysOutOfQueries) {
  const std::pair<const char*, const char*> rows[] = {
      {"", ""},
      {"limit=3", "limit=3"},
      {"key=AIza123", "key=[redacted]"},
      {"alt=sse&key=AIza123&x=1", "alt=sse&key=[redacted]&x=1"},
      {"%6bey=AIza123", "%6bey=[redacted]"},
      {"access_token=a&access_token=b", "access_token=[redacted]&access_token=[redacted]"},
      {"key", "key"},
      {"a&&b=", "a&&b="},
      {"a=1&", "a=1&"},
  };
  for (const auto& [query, expected] : rows) {
    std::string out;
    append_redacted_query(query, out);
    EXPECT_EQ(out, expected) << query;
  }
}

TEST(Redact, TakesCredentialsOutOfBodies) {
  const std::pair<const char*, const char*> rows[] = {
      {R"({"a": 1})", R"({"a": 1})"},
      {R"({"max_tokens": 5, "prompt_cache_key": "x"})", R"({"max_tokens": 5, "prompt_cache_key": "x"})"},
      {R"({"tools":[{"type":"mcp","authorization":"secret"}]})",
       R"({"tools":[{"type":"mcp","authorization":"[redacted]"}]})"},
      {R"({"headers": {"X-Api-Key": "s", "n": 1.5}, "t": [true, null]})",
       R"({"headers":{"X-Api-Key":"[redacted]","n":1.5},"t":[true,null]})"},
      // A schema that describes such a member holds no credential.
      {R"({"properties": {"api_key": {"type": "string"}}})", R"({"properties": {"api_key": {"type": "string"}}})"},
      {R"({"input": "my authorization is late"})", R"({"input": "my authorization is late"})"},
      {R"({"authorization": "sec)", "[redacted]"},
      {"name=\"api_key\"\r\n\r\nsecret", "[redacted]"},
      {"", ""},
  };
  for (const auto& [body, expected] : rows) EXPECT_EQ(redacted_body(body), expected) << body;
}

}  // namespace
}  // namespace mimus::server
