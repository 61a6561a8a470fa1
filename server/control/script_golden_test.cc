// Every condition, reply member and directive, as it reaches the wire: what fixtures/golden/scripts/*.json asks, whole
// and streamed, beside what is answered. A request that is not meant to match says so.
#include <algorithm>

#include "api/read_file.h"
#include "server/control/driven_app.h"
#include "server/encode/golden_file.h"

namespace mimus::server {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(MIMUS_SOURCE_DIR) / "fixtures/golden/scripts";

std::vector<fs::path> script_files() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// One request of a row.
struct Ask {
  std::string path;
  std::string body;
  std::vector<HeaderView> headers;
  bool matches = true;
};

std::string dump(Delivery delivery) {
  static constexpr const char* kEndings[] = {"clean", "close", "cut", "reset", "hang", "half_close"};
  std::string out = std::to_string(delivery.status) + ", due " + std::to_string(delivery.head_due.count()) + "us\n";
  for (const Header& header : delivery.headers) {
    if (!header.name.starts_with("x-request-id") && !header.name.starts_with("openai-")) {
      out += header.name + ": " + header.value + "\n";
    }
  }
  Ending ending = delivery.ending;
  if (!delivery.frames) out += "\n" + delivery.body + "\n";
  if (delivery.frames) {
    for (const Frame& frame : collect(*delivery.frames)) {
      out += "@" + std::to_string(frame.due.count()) + "us " + frame.bytes + "|\n";
    }
    ending = delivery.frames->ending(ending);
  }
  if (delivery.on_over) delivery.on_over({.bytes = 1, .ending = ending});
  return out + (ending == Ending::Clean ? "" : std::string("ends: ") + kEndings[static_cast<int>(ending)] + "\n");
}

class ScriptGolden : public testing::TestWithParam<fs::path> {
 protected:
  // Asks, and checks that the journal knows whether a fixture answered.
  static std::string answer(DrivenApp& app, const Ask& ask) {
    std::vector<HeaderView> headers = {{"authorization", "Bearer sk-golden"}, {"content-type", "application/json"}};
    headers.insert(headers.end(), ask.headers.begin(), ask.headers.end());
    std::string out = "> " + ask.path + " " + ask.body + "\n" + dump(app.begin("POST", ask.path, ask.body, headers));
    const std::string script = app.get("/_mimus/journal?order=desc&limit=1").at("/entries/0/script");
    EXPECT_EQ(script == "matched", ask.matches) << out << script;
    return out + "\n";
  }

  static std::string run(Json row) {
    std::string out;
    DrivenApp app;
    std::string fixtures = R"({"mimus":1,"fixtures":)";
    append_text(row.find("fixtures"), fixtures);
    EXPECT_EQ(app.post("/_mimus/fixtures", fixtures + "}").status, 201) << fixtures;
    for (const Json json : row.find("asks").elements()) {
      Ask ask;
      ask.path = json.find("path").string_or("/v1/chat/completions");
      ask.matches = json.find("matches").bool_or(true);
      for (const auto [name, value] : json.find("headers").members()) ask.headers.push_back({name, value.as_string()});
      const std::string_view defaults = R"({"model":"gpt-4o"})";
      const JsonDocument whole = merge_patch(parse_json(defaults)->root(), json.find("body"));
      ask.body = to_text(whole.root());
      out += answer(app, ask);
      const bool may_stream = ask.path.ends_with("/completions") || ask.path.ends_with("/responses");
      if (!may_stream || whole.root().find("stream").has_value()) continue;
      const std::string_view streaming = ask.path.ends_with("/responses")
                                             ? R"({"stream":true,"stream_options":{"include_obfuscation":false}})"
                                             : R"({"stream":true,"stream_options":{"include_obfuscation":false,
                                                   "include_usage":true}})";
      const JsonDocument streamed = merge_patch(whole.root(), parse_json(streaming)->root());
      ask.body = to_text(streamed.root());
      out += answer(app, ask);
    }
    return out;
  }
};

TEST_P(ScriptGolden, AnswersByteForByte) {
  const auto text = read_file(GetParam(), 1'000'000);
  ASSERT_TRUE(text);
  const auto rows = parse_json(*text, JsonSyntax::Relaxed);
  ASSERT_TRUE(rows) << rows.error().message << " at " << rows.error().offset;
  for (const auto [name, row] : rows->root().members()) {
    SCOPED_TRACE(name);
    const std::string file = "scripts/" + GetParam().stem().string() + "/" + std::string(name) + ".txt";
    expect_golden(file, run(row));
  }
}

INSTANTIATE_TEST_SUITE_P(Files, ScriptGolden, testing::ValuesIn(script_files()),
                         [](const auto& file) { return file.param.stem().string(); });

}  // namespace
}  // namespace mimus::server
