// The manual and the ready-made fixtures: every example loads, is free of findings, satisfies the JSON Schema, and
// answers as its comments say.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "api/embedded.h"
#include "api/json_writer.h"
#include "api/object_reader.h"
#include "api/read_file.h"
#include "server/dialect/situations.h"
#include "server/match/choose.h"
#include "server/match/fixture_store.h"
#include "server/match/lint.h"
#include "server/match/render.h"
#include "server/match/schema_check.h"
#include "server/pace/fault.h"

namespace mimus::server {
namespace {

namespace fs = std::filesystem;

Vocabulary full_vocabulary() {
  Vocabulary vocabulary;
  for (const Situation& situation : all_situations()) vocabulary.situations.emplace_back(situation.name);
  vocabulary.fault_problem = [](std::string_view fault) -> std::optional<std::string> {
    const auto read = read_fault(fault);
    return read ? std::nullopt : std::optional(read.error().message);
  };
  return vocabulary;
}

std::string text_of_file(const fs::path& file) {
  auto text = read_file(fs::path(MIMUS_SOURCE_DIR) / file, 10'000'000);
  EXPECT_TRUE(text) << file;
  return text ? *text : "";
}

// The ```jsonc blocks of the manual.
std::vector<std::string> examples() {
  std::vector<std::string> blocks;
  std::istringstream manual(text_of_file("docs/fixtures.md"));
  bool is_inside = false;
  for (std::string line; std::getline(manual, line);) {
    if (line == "```jsonc") blocks.emplace_back();
    if (is_inside && line != "```") blocks.back() += line + "\n";
    is_inside = line == "```jsonc" || (is_inside && line != "```");
  }
  return blocks;
}

std::string tool_calls_of(const Choice& choice) {
  std::string text;
  for (const ToolCall& call : choice.tool_calls) {
    text += (text.empty() ? "" : " ") + call.name + "(" + call.arguments + ")";
  }
  return text;
}

// A reply in one line, as the manual writes it.
struct InOneLine {
  const TemplateContext& context;
  std::string operator()(const Synthesised&) const { return "(made up)"; }
  std::string operator()(const ScriptedChoices& scripted) const {
    std::string line;
    for (const Choice& choice : render_choices(scripted, 1, context)) {
      if (!line.empty()) line += " | ";
      if (choice.refusal) line += "refusal: " + *choice.refusal;
      line += choice.text;
      if (!choice.text.empty() && !choice.tool_calls.empty()) line += " ";
      line += tool_calls_of(choice);
    }
    return line;
  }
  std::string operator()(const ScriptedError& error) const {
    if (!error.situation.empty()) return "error " + error.situation;
    return "error " + std::to_string(*error.status) + ": " + render_error(error, {}, context).message;
  }
  std::string operator()(const ScriptedEmbeddings& embeddings) const {
    std::string line;
    JsonWriter writer(line);
    writer.array();
    for (const double number : embeddings.vectors[0]) writer.number(number);
    writer.end_array();
    return line;
  }
  std::string operator()(const ScriptedImages& images) const { return images.images[0].url; }
  std::string operator()(const ScriptedRaw& raw) const {
    const std::string status = "raw " + std::to_string(raw.status);
    if (!raw.chunks.empty()) return status + " in " + std::to_string(raw.chunks.size()) + " chunks";
    return status + ": " + raw.body.render(context);
  }
};

// What a fixture set answers to "> ..." lines.
class Conversing {
 public:
  explicit Conversing(const std::string& fixtures) {
    const auto added = store_.add(fixtures);
    EXPECT_TRUE(added) << (added ? "" : added.error().text()) << "\n" << fixtures;
  }

  std::string ask(const std::string& line) {
    const std::size_t brace = line.find('{');
    const bool is_body = brace == 0 || (brace != std::string::npos && line.find(' ') + 1 == brace);
    std::string text = R"({"model":"gpt-4o","messages":[{"role":"user","content":")";
    append_escaped(line, text);
    const JsonDocument body = std::move(*parse_file_text(is_body ? line.substr(brace) : text + "\"}]}", "example"));
    const std::string operation = is_body && brace > 0 ? line.substr(0, brace - 1) : "chat.completions";
    const Question question = question_of(operation, "", false, body.root(), {});
    const auto chosen = choose(*store_.snapshot(), question, states_, "t");
    if (!chosen) return "(no fixture)";
    const TemplateContext context{question, chosen->states, "t", chosen->nth, {}};
    return std::visit(InOneLine{context}, chosen->reply->content);
  }

 private:
  FixtureStore store_{full_vocabulary()};
  TestStates states_;
};

TEST(Manual, EveryExampleAnswersAsItSays) {
  int asked = 0;
  for (const std::string& example : examples()) {
    Conversing conversing(example);
    std::istringstream lines(example);
    std::string answer;
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("// > ")) answer = conversing.ask(line.substr(5));
      if (!line.starts_with("// < ")) continue;
      EXPECT_EQ(answer, line.substr(5)) << example;
      ++asked;
    }
  }
  EXPECT_GT(asked, 30);
}

// Everything that people may copy: the manual's files and those of fixtures/replies.
std::vector<std::pair<std::string, std::string>> files_to_copy() {
  std::vector<std::pair<std::string, std::string>> files;
  for (const std::string& example : examples()) {
    const auto parsed = parse_file_text(example, "example");
    const bool is_file = parsed && parsed->root().find("mimus");
    const std::string text = is_file ? example : "{\"mimus\":1,\"fixtures\":[\n" + example + "]}";
    files.emplace_back("example " + std::to_string(files.size()), text);
  }
  for (const auto& entry : fs::directory_iterator(fs::path(MIMUS_SOURCE_DIR) / "fixtures/replies")) {
    files.emplace_back(entry.path().filename().string(), text_of_file(entry.path()));
  }
  return files;
}

TEST(ReadyFixtures, LoadWithoutAFinding) {
  std::string pattern = (fs::temp_directory_path() / "mimus-ready-XXXXXX").string();
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  const auto files = files_to_copy();
  EXPECT_GE(files.size(), 24U);
  for (const auto& [name, text] : files) {
    const fs::path file = fs::path(pattern) / "f.json";
    std::ofstream(file, std::ios::binary) << text;
    const auto found = find_fixture_files({file});
    ASSERT_TRUE(found);
    const LintResult result = lint(*found, full_vocabulary());
    for (const Finding& finding : result.findings)
      ADD_FAILURE() << name << ": " << finding.where << ": " << finding.message;
    EXPECT_GT(result.fixtures, 0U) << name;
  }
  fs::remove_all(pattern);
}

TEST(FixturesSchema, AcceptsWhatTheReaderAccepts) {
  const auto schema = parse_json(find_embedded("schemas/fixtures.schema.json").value_or("{}"));
  ASSERT_TRUE(schema);
  for (const auto& [name, text] : files_to_copy()) {
    const auto document = parse_file_text(text, name);
    ASSERT_TRUE(document);
    EXPECT_EQ(schema_problem(schema->root(), document->root()), "") << name;
  }
}

TEST(FixturesSchema, RefusesWhatTheReaderRefuses) {
  const auto schema = parse_json(find_embedded("schemas/fixtures.schema.json").value_or("{}"));
  ASSERT_TRUE(schema);
  const char* fixtures[] = {
      R"({"reply":{"txt":"x"}})",
      R"({"when":{"last_usr":"x"},"reply":{}})",
      R"({"when":{"last_user":{}},"reply":{}})",
      R"({"when":{"last_user":{"containz":"x"}},"reply":{}})",
      R"({"when":{"json":{"/a":{"containz":"x"}}},"reply":{}})",
      R"({"when":{"turn":0},"reply":{}})",
      R"({"when":{"state":"paid"},"reply":{}})",
      R"({"when":{}})",
      R"({"reply":{},"replies":[{}]})",
      R"({"replies":[]})",
      R"({"reply":{},"then":"stop"})",
      R"({"reply":{},"times":0})",
      R"({"reply":{"pace":{"ttft":"200"}}})",
      R"({"reply":{"error":{"status":500}}})",
      R"({"reply":{"error":{"status":200,"message":"m"}}})",
      R"({"reply":{"tool_calls":[{"arguments":{}}]}})",
      R"({"reply":{"tool_calls":[{"name":"f","arguments":[1]}]}})",
      R"({"reply":{"choices":[]}})",
      R"({"reply":{"finish_reason":"done"}})",
      R"({"reply":{"raw":{"chunks":[{"at":"1ms"}]}}})",
      R"({"reply":{"images":[{}]}})",
      R"({"reply":{"usage":{"prompt_tokens":-1}}})",
      R"({"reply":{"logprobs":[{"token":"x","logprob":1}]}})",
  };
  for (const char* fixture : fixtures) {
    const std::string text = std::string(R"({"mimus":1,"fixtures":[)") + fixture + "]}";
    const auto document = parse_json(text);
    ASSERT_TRUE(document) << text;
    EXPECT_NE(schema_problem(schema->root(), document->root()), "") << fixture;
    FixtureStore store{full_vocabulary()};
    EXPECT_FALSE(store.add(text)) << fixture;
  }
}

// Editors must offer each key that the reader takes: a key in one and not in the other is a drift.
TEST(FixturesSchema, KnowsTheKeysOfTheReader) {
  const auto schema = parse_json(find_embedded("schemas/fixtures.schema.json").value_or("{}"));
  ASSERT_TRUE(schema);
  const std::pair<const char*, const char*> rows[] = {
      {"reply", R"({"reply":{"KEY":[[]]}})"},           {"when", R"({"when":{"KEY":[[]]},"reply":{}})"},
      {"fixture", R"({"reply":{},"KEY":[[]]})"},        {"choice", R"({"reply":{"choices":[{"KEY":[[]]}]}})"},
      {"error", R"({"reply":{"error":{"KEY":[[]]}}})"}, {"raw", R"({"reply":{"raw":{"KEY":[[]]}}})"}};
  for (const auto& [definition, pattern] : rows) {
    const Json properties = schema->root().find_pointer(std::string("/definitions/") + definition + "/properties");
    EXPECT_GT(properties.size(), 4U) << definition;
    for (const auto [key, value] : properties.members()) {
      std::string fixture = pattern;
      fixture.replace(fixture.find("KEY"), 3, key);
      FixtureStore store{full_vocabulary()};
      const auto added = store.add(fixture);
      const std::string problem = added ? "" : added.error().message;
      EXPECT_EQ(problem.find("unknown key"), std::string::npos) << fixture;
    }
  }
}

}  // namespace
}  // namespace mimus::server
