// For tests: a row of fixtures/golden/scripts/*.json, asked of a whole server. A row holds fixtures and asks; each ask
// is a request (path, headers, body; "matches": false when no fixture is meant to answer) and is sent once more with
// "stream": true where its endpoint streams and the ask leaves it open.
#pragma once

#include <algorithm>

#include "api/json_writer.h"
#include "api/read_file.h"
#include "server/control/driven_app.h"

namespace mimus::server {

inline std::filesystem::path scripts_folder() {
  return std::filesystem::path(MIMUS_SOURCE_DIR) / "fixtures/golden/scripts";
}

inline JsonDocument script_file(const std::filesystem::path& file) {
  const auto text = read_file(file, 1'000'000);
  EXPECT_TRUE(text) << file;
  auto rows = parse_json(text ? *text : "{}", JsonSyntax::Relaxed);
  EXPECT_TRUE(rows) << file << ": " << (rows ? "" : rows.error().message);
  return rows ? std::move(*rows) : JsonDocument();
}

// One request of a row, and what came of it.
struct Told {
  bool is_streamed = false;
  bool is_meant_to_match = true;
  std::string script;  // of the journal: "matched"
  std::string text;    // request and reply as the golden file shows them
};

class ScriptRow {
 public:
  static std::vector<Told> run(Json row) {
    ScriptRow runner;
    std::string fixtures = R"({"mimus":1,"fixtures":)";
    append_text(row.find("fixtures"), fixtures);
    const Answered added = runner.app_.post("/_mimus/fixtures", fixtures + "}");
    EXPECT_EQ(added.status, 201) << fixtures << added.body;
    for (const Json ask : row.find("asks").elements()) runner.ask(ask);
    return std::move(runner.told_);
  }

 private:
  void ask(Json ask) {
    const std::string path(ask.find("path").string_or("/v1/chat/completions"));
    const std::string_view defaults = R"({"model":"gpt-4o"})";
    const JsonDocument whole = merge_patch(parse_json(defaults)->root(), ask.find("body"));
    send(ask, path, whole.root());
    const bool may_stream = path.ends_with("/completions") || path.ends_with("/responses");
    if (!may_stream || whole.root().find("stream").has_value()) return;
    const std::string_view streaming = path.ends_with("/responses")
                                           ? R"({"stream":true,"stream_options":{"include_obfuscation":false}})"
                                           : R"({"stream":true,"stream_options":{"include_obfuscation":false,
                                                 "include_usage":true}})";
    send(ask, path, merge_patch(whole.root(), parse_json(streaming)->root()).root());
  }

  void send(Json ask, const std::string& path, Json body) {
    std::vector<HeaderView> headers = {{"authorization", "Bearer sk-golden"}, {"content-type", "application/json"}};
    for (const auto [name, value] : ask.find("headers").members()) headers.push_back({name, value.as_string()});
    const std::string bytes = to_text(body);
    Told told{body.find("stream").bool_or(false), ask.find("matches").bool_or(true), "", ""};
    told.text = "> " + path + " " + bytes + "\n" + dump(app_.begin("POST", path, bytes, headers)) + "\n";
    told.script = app_.get("/_mimus/journal?order=desc&limit=1").at("/entries/0/script");
    told_.push_back(std::move(told));
  }

  static std::string dump(Delivery delivery) {
    static constexpr const char* kEndings[] = {"clean", "close", "cut", "reset", "hang", "half_close"};
    std::string out = std::to_string(delivery.status) + ", due " + std::to_string(delivery.head_due.count()) + "us\n";
    for (const Header& header : delivery.headers) {
      if (!header.name.starts_with("x-request-id") && !header.name.starts_with("openai-")) {
        out += header.name + ": " + header.value + "\n";
      }
    }
    if (!delivery.raw_head.empty()) out += "raw head: " + delivery.raw_head + "|\n";
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

  DrivenApp app_;
  std::vector<Told> told_;
};

}  // namespace mimus::server
