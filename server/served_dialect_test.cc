#include "server/served_dialect.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace mimus::server {
namespace {

TEST(ServedDialect, HasCodeForEveryEndpointOfTheEmbeddedOnes) {
  for (const std::string& name : dialect_names()) {
    const auto dialect = load_served_dialect(name);
    EXPECT_TRUE(dialect) << (dialect ? "" : dialect.error().text());
  }
}

TEST(ServedDialect, NamesTheLineOfAnEndpointThatNothingAnswers) {
  std::string pattern = (std::filesystem::temp_directory_path() / "mimus-served-XXXXXX").string();
  const std::filesystem::path folder = ::mkdtemp(pattern.data());
  const std::string file = (folder / "d.json").string();
  std::ofstream(file) << "{\"extends\":\"openai\", \"endpoints\": {\n"
                         "  \"chat.completion\": {\"method\":\"POST\",\"path\":\"/x\"} } }";
  const auto dialect = load_served_dialect(file);
  ASSERT_FALSE(dialect);
  EXPECT_EQ(dialect.error().text(), file +
                                        ":2:3: /endpoints/chat.completion: mimus has no endpoint of this name, did you "
                                        "mean \"chat.completions\"?");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace mimus::server
