#include "conformance/target.h"

#include <gtest/gtest.h>

namespace mimus::conformance {
namespace {

TEST(Target, ReadsAHeader) {
  struct Row {
    const char* text;
    const char* name;  // empty: refused
    const char* value;
  };
  const Row rows[] = {
      {"x-route: swans", "x-route", "swans"},
      {"x-url:http://127.0.0.1:1/v1 ", "x-url", "http://127.0.0.1:1/v1"},
      {"x-empty:", "x-empty", ""},
      {"no colon", "", ""},
      {": no name", "", ""},
      {"two words: x", "", ""},
      {"x-split: a\r\nx-other: b", "", ""},
      {"", "", ""},
      {"Content-Length: 3", "", ""},
  };
  for (const Row& row : rows) {
    const auto header = read_header(row.text);
    ASSERT_EQ(static_cast<bool>(header), row.name[0] != '\0') << row.text;
    if (!header) continue;
    EXPECT_EQ(header->name, row.name) << row.text;
    EXPECT_EQ(header->value, row.value) << row.text;
  }
}

// By whole words: "x-portkey-provider" has no key.
TEST(Target, KnowsHeadersThatMayHoldACredential) {
  for (const char* name : {"x-api-key", "X_API_KEY", "Authorization", "x-auth", "x-gateway-token", "Cookie"}) {
    EXPECT_TRUE(is_secret({name, "v"})) << name;
  }
  for (const char* name : {"x-portkey-provider", "x-route", "x-authority", "x-monkey", "-", ""}) {
    EXPECT_FALSE(is_secret({name, "v"})) << name;
  }
}

}  // namespace
}  // namespace mimus::conformance
