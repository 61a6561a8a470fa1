// Other people's fixtures: files in their formats beside the files that mimus makes of them (fixtures/golden/fixtures).
#include "server/match/convert/convert.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "api/read_file.h"
#include "server/match/fixture_store.h"

namespace mimus::server {
namespace {

const std::string kFolder = std::string(MIMUS_SOURCE_DIR) + "/fixtures/golden/fixtures/";

std::string text_of(const std::string& name) {
  const auto text = read_file(kFolder + name, 1'000'000);
  return text ? *text : "";
}

struct Format {
  const char* name;
  const char* file;
  Result<Converted> (*convert)(std::string_view, const std::string&);
};
void PrintTo(const Format& format, std::ostream* out) {
  *out << format.name;
}

class Convert : public testing::TestWithParam<Format> {};

TEST_P(Convert, GivesTheGoldenFileAndItsNotes) {
  const auto converted = GetParam().convert(text_of(GetParam().file), "theirs");
  ASSERT_TRUE(converted) << converted.error().text();
  std::string text = converted->json;
  for (const std::string& note : converted->notes) text += "// " + note + "\n";
  const std::string golden = std::string(GetParam().name) + ".golden.json";
  if (std::getenv("MIMUS_UPDATE_GOLDEN") != nullptr) std::ofstream(kFolder + golden, std::ios::binary) << text;
  EXPECT_EQ(text, text_of(golden));
  FixtureStore store{Vocabulary{}};
  const auto added = store.add(text);
  ASSERT_TRUE(added) << added.error().text();
  EXPECT_EQ(added->size(), converted->fixtures);
}

INSTANTIATE_TEST_SUITE_P(Formats, Convert,
                         testing::Values(Format{"aimock", "aimock.json", convert_aimock},
                                         Format{"mock_llm", "mock_llm.yaml", convert_mock_llm}),
                         [](const auto& row) { return row.param.name; });

TEST(ConvertErrors, NameWhatIsWrong) {
  struct Row {
    Result<Converted> (*convert)(std::string_view, const std::string&);
    const char* text;
    const char* error;
  };
  const Row rows[] = {
      {convert_aimock, "[1]", "f: expected aimock's {\"fixtures\": [...]}, found an array"},
      {convert_aimock, "{", "f:1:2: not valid JSON: Missing a name for object member."},
      {convert_mock_llm, "a: [",
       "f: not valid YAML: yaml-cpp: error at line 1, column 1: end of sequence flow not found"},
      {convert_mock_llm, "rule: 1", "f: expected mock-llm's \"rules:\""},
      {convert_mock_llm, "- 1", "f: expected mock-llm's \"rules:\""},
      {convert_mock_llm, "", "f: expected mock-llm's \"rules:\""},
  };
  for (const Row& row : rows) {
    const auto converted = row.convert(row.text, "f");
    ASSERT_FALSE(converted) << row.text;
    EXPECT_EQ(converted.error().text(), row.error);
  }
}

TEST(ConvertErrors, SurviveDeepAndWildInput) {
  for (const char* text : {"rules: [[[{}]]]", "rules:\n  - 5\n  - null\n  - [1]\n  - path: [1]\n", "rules: {a: 1}",
                           "rules: &a [*a]", "{\"fixtures\":[1,null,{},{\"match\":5,\"response\":[]}]}"}) {
    (void)convert_mock_llm(text, "f");
    (void)convert_aimock(text, "f");
  }
  EXPECT_FALSE(convert_mock_llm(std::string(100'000, '['), "f"));
}

}  // namespace
}  // namespace mimus::server
