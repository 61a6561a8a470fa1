#include "server/dialect/dialect.h"

#include <gtest/gtest.h>

namespace mimus::server {
namespace {

TEST(Dialect, LoadsOpenAi) {
  const auto dialect = load_dialect("openai");
  ASSERT_TRUE(dialect) << dialect.error().text();
  EXPECT_EQ(dialect->find_endpoint("chat.completions")->path, "/v1/chat/completions");
  ASSERT_NE(dialect->find_model("gpt-4o"), nullptr);
  EXPECT_EQ(dialect->find_model("gpt-4o")->snapshot, "gpt-4o-2024-08-06");
}

}  // namespace
}  // namespace mimus::server
