#include "server/auth.h"

#include <gtest/gtest.h>

namespace mimus::server {
namespace {

struct Row {
  std::string header;
  std::vector<std::string> accepted;
  std::string expected;  // the key, or the situation of the refusal
};

TEST(ReadKey, TakesTheKeyOrRefuses) {
  const Auth bearer{true, "authorization", "Bearer", ""};
  const Row rows[] = {
      {"Bearer sk-1", {}, "sk-1"},
      {"bearer  sk-1 ", {}, "sk-1"},
      {"Bearer sk-1", {"sk-2", "sk-1"}, "sk-1"},
      {"Bearer sk-1", {"sk-2"}, "invalid_api_key"},
      {"", {}, "no_api_key"},
      {"Bearer", {}, "no_api_key"},
      {"Bearer ", {}, "no_api_key"},
      {"Bearersk-1", {}, "no_api_key"},
      {"Token sk-1", {}, "no_api_key"},
      {"Basic OnNrLTE=", {}, "sk-1"},
      {"Basic !!", {}, "no_api_key"},
  };
  for (const Row& row : rows) {
    HttpRequest http;
    http.headers = {{"Authorization", row.header}};
    const auto key = read_key(http, bearer, row.accepted);
    EXPECT_EQ(key ? *key : key.error().situation, row.expected) << row.header;
  }
}

TEST(ReadKey, AsksForThePrefixOnlyWhereTheDialectIsStrict) {
  for (const bool is_strict : {false, true}) {
    Auth auth{true, "authorization", "Bearer", "ozw_"};
    auth.strict_key_prefix = is_strict;
    HttpRequest http;
    http.headers = {{"authorization", "Bearer ozw_1"}};
    EXPECT_TRUE(read_key(http, auth, {}));
    http.headers = {{"authorization", "Bearer sk-1"}};
    const auto key = read_key(http, auth, {"sk-1"});
    EXPECT_EQ(key ? *key : key.error().situation, is_strict ? "invalid_api_key" : "sk-1");
  }
}

TEST(ReadKey, TakesABareHeaderWhereThereIsNoScheme) {
  HttpRequest http;
  http.headers = {{"X-Goog-Api-Key", "abc"}};
  EXPECT_EQ(*read_key(http, Auth{true, "x-goog-api-key", "", ""}, {}), "abc");
}

}  // namespace
}  // namespace mimus::server
