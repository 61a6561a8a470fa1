// Every condition, reply member, directive and fault, as it reaches the wire: what fixtures/golden/scripts/*.json asks,
// whole and streamed, beside what is answered. A request that is not meant to match says so.
#include "server/control/script_row.h"
#include "server/encode/golden_file.h"

namespace mimus::server {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> script_files() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(scripts_folder())) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

class ScriptGolden : public testing::TestWithParam<fs::path> {};

TEST_P(ScriptGolden, AnswersByteForByte) {
  const JsonDocument rows = script_file(GetParam());
  for (const auto [name, row] : rows.root().members()) {
    if (!row.find("asks")) continue;  // shown elsewhere, or nowhere: script_coverage_test.cc
    SCOPED_TRACE(name);
    std::string text;
    for (const Told& told : ScriptRow::run(row)) {
      EXPECT_EQ(told.script == "matched", told.is_meant_to_match) << told.text << told.script;
      text += told.text;
    }
    expect_golden("scripts/" + GetParam().stem().string() + "/" + std::string(name) + ".txt", text);
  }
}

INSTANTIATE_TEST_SUITE_P(Files, ScriptGolden, testing::ValuesIn(script_files()),
                         [](const auto& file) { return file.param.stem().string(); });

}  // namespace
}  // namespace mimus::server
