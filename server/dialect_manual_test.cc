// docs/dialects.md: every example loads and answers as its comments say, and no key of the embedded files is left out.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "api/object_reader.h"
#include "api/read_file.h"
#include "server/endpoints/app_desk.h"

namespace mimus::server {
namespace {

std::string manual() {
  auto text = read_file(MIMUS_SOURCE_DIR "/docs/dialects.md", 1'000'000);
  EXPECT_TRUE(text);
  return text ? *text : "";
}

// The ```jsonc blocks, as lines.
std::vector<std::vector<std::string>> examples() {
  std::vector<std::vector<std::string>> blocks;
  std::istringstream lines(manual());
  bool is_inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (is_inside && line == "```") is_inside = false;
    if (is_inside) blocks.back().push_back(line);
    if (line == "```jsonc") {
      blocks.emplace_back();
      is_inside = true;
    }
  }
  return blocks;
}

std::string after(const std::string& line, std::string_view mark) {
  return line.starts_with(mark) ? line.substr(mark.size()) : "";
}

std::string all_of(const Answered& answer) {
  std::string text = answer.body;
  for (const Header& header : answer.headers) text += "\n" + header.name + ": " + header.value;
  return text;
}

void run(const std::vector<std::string>& example, const std::string& file) {
  std::ofstream stream(file);
  for (const std::string& line : example) stream << line << "\n";
  stream.close();
  AppOptions options;
  options.dialects = {file};
  options.limits.plan = after(example.front(), "// --plan ");
  AppDesk desk(options);
  Answered answer;
  int expectations = 0;
  for (const std::string& line : example) {
    SCOPED_TRACE(line);
    if (const std::string request = after(line, "// > "); !request.empty()) {
      const std::size_t target = request.find(' ') + 1;
      const std::size_t body = std::min(request.find(' ', target), request.size());
      const std::string text = body == request.size() ? "" : request.substr(body + 1);
      answer = desk.ask(request.substr(0, target - 1), request.substr(target, body - target), text,
                        text.empty() ? "" : "application/json");
    }
    if (const std::string expected = after(line, "// < "); !expected.empty()) {
      EXPECT_EQ(std::to_string(answer.status), expected.substr(0, 3)) << answer.body.substr(0, 500);
      EXPECT_NE(all_of(answer).find(expected.substr(4)), std::string::npos) << all_of(answer).substr(0, 2000);
      ++expectations;
    }
  }
  EXPECT_GT(expectations, 0);
}

TEST(DialectManual, ShowsOnlyWhatWorks) {
  std::string pattern = (std::filesystem::temp_directory_path() / "mimus-manual-XXXXXX").string();
  const std::filesystem::path folder = ::mkdtemp(pattern.data());
  const auto blocks = examples();
  EXPECT_GE(blocks.size(), 6u);
  for (const auto& block : blocks) run(block, (folder / "example.json").string());
  std::filesystem::remove_all(folder);
}

// The keys of one object, of all members of an object, of all elements of an array.
void add_keys(Json object, std::set<std::string>& keys) {
  for (const auto [key, value] : object.members()) keys.emplace(key);
}

void add_rule_keys(Json rule, std::set<std::string>& keys) {
  if (!rule.is_object()) return;
  add_keys(rule, keys);
  for (const char* map : {"members", "variants"}) {
    for (const auto [name, inner] : rule.find(map).members()) add_rule_keys(inner, keys);
  }
  for (const char* one : {"items", "values"}) add_rule_keys(rule.find(one), keys);
}

TEST(DialectManual, ExplainsEveryKey) {
  std::set<std::string> keys;
  for (const std::string& name : dialect_names()) {
    const auto text = load_dialect_text(name);
    ASSERT_TRUE(text);
    const auto document = parse_file_text(*text, name);
    ASSERT_TRUE(document);
    const Json root = document->root();
    for (const char* one : {"", "/auth", "/style", "/limits"}) add_keys(root.find_pointer(one), keys);
    for (const char* map : {"endpoints", "errors", "models", "families"}) {
      for (const auto [key, value] : root.find(map).members()) add_keys(value, keys);
    }
    for (const auto [key, family] : root.find("families").members()) {
      add_keys(family.find("image_inputs"), keys);
      for (const auto [parameter, refusal] : family.find("refuses").members()) add_keys(refusal, keys);
    }
    for (const auto [key, shape] : root.find("shapes").members()) add_rule_keys(shape, keys);
    for (const Json header : root.find_pointer("/limits/headers").elements()) add_keys(header, keys);
  }
  EXPECT_GT(keys.size(), 90u);
  const std::string text = manual();
  for (const std::string& key : keys) EXPECT_NE(text.find("`" + key + "`"), std::string::npos) << key;
}

}  // namespace
}  // namespace mimus::server
