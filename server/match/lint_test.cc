#include "server/match/lint.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace mimus::server {
namespace {

namespace fs = std::filesystem;

// The findings for a file with these lines, one a line: "LINE:COLUMN: POINTER: MESSAGE", the file's name taken out.
std::string findings_in(const std::string& fixtures) {
  std::string pattern = (fs::temp_directory_path() / "mimus-lint-XXXXXX").string();
  EXPECT_NE(mkdtemp(pattern.data()), nullptr);
  const std::string file = pattern + "/f.json";
  std::ofstream(file, std::ios::binary) << "{\"mimus\":1,\"fixtures\":[\n" + fixtures + "\n]}";
  const auto files = find_fixture_files({file});
  std::string all;
  for (const Finding& finding : lint(*files, {}).findings) all += finding.where + ": " + finding.message + "\n";
  for (std::size_t at; (at = all.find(file + ":")) != std::string::npos;) all.erase(at, file.size() + 1);
  fs::remove_all(pattern);
  return all;
}

TEST(Lint, IsContentWithFixturesThatAllCanBeUsed) {
  EXPECT_EQ(findings_in(R"({"name":"a","when":{"last_user":{"contains":"weather in Paris"}},"reply":{}},
{"name":"b","when":{"last_user":{"contains":"weather"}},"reply":{}},
{"name":"c","when":{"last_user":{"contains":"weather"},"has_tool_result":true,"tool_result":"x"},"reply":{}},
{"name":"d","times":1,"when":{"model":"m"},"set":"s=1","reply":{}},
{"name":"e","when":{"model":"m","state":"s=1"},"reply":{}},
{"name":"f","when":{"model":"m"},"then":"fall_through","reply":{}},
{"name":"g","when":{"model":"m"},"reply":{}},
{"reply":{}})"),
            "");
}

TEST(Lint, FindsWhatTheReaderRefusesInEveryFixture) {
  EXPECT_EQ(findings_in(R"({"reply":{"txt":1}},
{"when":{"json":{"a":1}},"reply":{}},
{"when":{"model":{"regex":"("}},"reply":{}})"),
            "2:11: /fixtures/0/reply/txt: unknown key, did you mean \"text\"?\n"
            "3:18: /fixtures/1/when/json/a: not a JSON pointer: expected \"\" or a \"/\" at its start\n"
            "4:19: /fixtures/2/when/model/regex: not a regular expression (RE2): missing ): (\n");
}

TEST(Lint, FindsNamesGivenTwice) {
  EXPECT_NE(findings_in(R"({"name":"a","when":{"turn":1},"reply":{}},
{"name":"a","when":{"turn":2},"reply":{}})")
                .find("3:2: /fixtures/1/name: the name is given twice, first in "),
            std::string::npos);
}

TEST(Lint, FindsFixturesThatAnotherAlwaysComesBefore) {
  struct Row {
    const char* above;
    const char* below;
    bool shadowed;
  };
  const Row rows[] = {
      {R"("when":{"model":"m"})", R"("when":{"model":"m"})", true},
      {R"("when":{"model":"gpt-*"})", R"("when":{"model":"gpt-4"})", true},
      {R"("when":{"last_user":{"contains":"a"}})", R"("when":{"last_user":{"contains":"cat"}})", true},
      {R"("when":{"last_user":{"regex":"^a"}})", R"("when":{"last_user":"abc"})", true},
      {R"("when":{"last_user":{"regex":"^a"}})", R"("when":{"last_user":"bbc"})", false},
      {R"("when":{"json":{"/a":{"exists":true}}})", R"("when":{"json":{"/a":1}})", true},
      {R"("when":{"json":{"/a":1}})", R"("when":{"json":{"/a":2}})", false},
      {R"("when":{"endpoint":["x","y"]})", R"("when":{"endpoint":"y"})", true},
      {R"("when":{"has_tool_result":true})", R"("when":{"tool_result":"x"})", true},
      {R"("priority":1)", R"("when":{"model":"m","turn":1})", true},
      {R"("priority":1,"times":3)", R"("when":{"model":"m"})", false},
      {R"("priority":1,"then":"fall_through")", R"("when":{"model":"m"})", false},
      {R"("priority":1,"when":{"state":"a=1"},"set":"a=1")", R"("when":{"model":"m"})", false},
      {R"("when":{"turn":1})", R"("when":{"turn":1,"stream":true})", false},
  };
  for (const Row& row : rows) {
    const std::string found = findings_in("{\"name\":\"above\"," + std::string(row.above) + ",\"reply\":{}},\n{" +
                                          row.below + ",\"reply\":{}}");
    EXPECT_EQ(found.find("3:1: /fixtures/1: never used: \"above\"") != std::string::npos, row.shadowed)
        << row.above << " and " << row.below << "\n"
        << found;
  }
}

TEST(Lint, FindsConditionsThatNeverHoldTogether) {
  EXPECT_EQ(
      findings_in(R"({"when":{"has_tool_result":false,"tool_result":"x"},"reply":{}},
{"when":{"last_user":{"exact":"abc","contains":"d"}},"reply":{}},
{"when":{"state":"order=paid"},"reply":{}},
{"times":1,"replies":[{},{}]},
{"when":{"endpoint":"embeddings"},"reply":{"text":"x"}},
{"when":{"endpoint":["images.edits","moderations"]},"reply":{"text":"x"}},
{"when":{"endpoint":["images.edits","completions"]},"reply":{"text":"x"}},
{"when":{"last_user":"a"},"reply":{"text":"x"}},
{"when":{"last_user":"a"},"reply":{"embeddings":[[1]]}},
{"when":{"last_user":"a"},"reply":{"images":[{"url":"x"}]}})"),
      "2:2: /fixtures/0/when: never matches: has_tool_result false and tool_result \"x\" cannot hold together\n"
      "3:2: /fixtures/1/when: never matches: last_user \"abc\" and last_user contains \"d\" cannot hold together\n"
      "4:10: /fixtures/2/when/state: never matches: no fixture sets \"order=paid\"\n"
      "5:2: /fixtures/3/times: with times 1 the replies from the 2. on are never given\n"
      "6:10: /fixtures/4/when/endpoint: never matches: embeddings can say embeddings, and the reply is something else\n"
      "7:10: /fixtures/5/when/endpoint: never matches: images.edits can say images, and the reply is something else\n");
}

}  // namespace
}  // namespace mimus::server
