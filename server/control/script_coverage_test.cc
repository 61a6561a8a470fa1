// Holds fixtures/golden/scripts against the vocabulary: each word of it has a golden reply that hangs on it, whole and
// streamed, and one for a request that it does not touch. A row stands for its name, or for those in "of"; "never"
// says why a word has none at all, "never_whole" and "never_streamed" why only one of the two is possible. What is no
// longer true of these fails too. A row with "http" names files of fixtures/golden/http instead.
#include <map>
#include <set>

#include "server/control/row_without.h"
#include "server/control/script_row.h"
#include "server/match/directives.h"
#include "server/pace/fault.h"

namespace mimus::server {
namespace {

using Kind = RowWithout::Kind;

struct Area {
  const char* file;
  Kind kind;
  std::set<std::string> words;
};

std::filesystem::path schema_file() {
  return std::filesystem::path(MIMUS_SOURCE_DIR) / "fixtures/schemas/fixtures.schema.json";
}

// The names of `definitions/NAME/properties` of the published schema, which is held against the reader elsewhere.
std::set<std::string> declared(std::initializer_list<const char*> definitions) {
  const JsonDocument schema = script_file(schema_file());
  std::set<std::string> names;
  for (const std::string definition : definitions) {
    const Json members = schema.root().find_pointer("/definitions/" + definition + "/properties");
    EXPECT_GT(members.size(), 0U) << definition;
    for (const auto [name, member] : members.members()) names.emplace(name);
  }
  return names;
}

// What may be left out of the object or list that `role` is in a reply: "usage.cached_tokens".
void add_parts(Json schema, const std::string& role, std::set<std::string>& parts) {
  const Json object = schema.find("items") ? schema.find("items") : schema;
  std::set<std::string_view> needed;
  const auto need = [&](Json rule) {
    for (const Json name : rule.find("required").elements()) needed.insert(name.as_string());
  };
  need(object);
  for (const Json rule : object.find("anyOf").elements()) need(rule);
  for (const Json rule : object.find("oneOf").elements()) need(rule);
  for (const auto [name, member] : object.find("properties").members()) {
    if (!needed.contains(name)) parts.insert(role + "." + std::string(name));
    if (member.find("items")) add_parts(member, std::string(name), parts);
  }
}

std::set<std::string> parts_of_replies() {
  const JsonDocument schema = script_file(schema_file());
  std::set<std::string> parts;
  const auto add = [&](const char* pointer, const char* role) {
    EXPECT_TRUE(schema.root().find_pointer(pointer)) << pointer;
    add_parts(schema.root().find_pointer(pointer), role, parts);
  };
  add("/definitions/choice", "choices");
  add("/definitions/tool_calls", "tool_calls");
  add("/definitions/logprobs", "logprobs");
  add("/definitions/error", "error");
  add("/definitions/raw", "raw");
  add("/definitions/reply/properties/usage", "usage");
  add("/definitions/reply/properties/images", "images");
  add("/definitions/reply/properties/pace", "pace");
  return parts;
}

std::set<std::string> words_of(const std::vector<std::string_view>& names) {
  return {names.begin(), names.end()};
}

std::vector<Area> areas() {
  return {{"conditions", Kind::Condition, declared({"when"})},
          {"tests", Kind::Test, declared({"text_condition", "value_condition"})},
          {"replies", Kind::Member, declared({"fixture", "reply"})},
          {"parts", Kind::Part, parts_of_replies()},
          {"directives", Kind::Directive, words_of(directive_names())},
          {"faults", Kind::Fault, words_of(fault_names())}};
}

// What the rows show of a word.
struct Shown {
  bool whole = false;
  bool streamed = false;
  bool unmatched = false;
};

void look_at(Json row, Kind kind, const std::string& word, Shown& shown) {
  const std::vector<Told> with = ScriptRow::run(row);
  const JsonDocument robbed = RowWithout::make(row, kind, word);
  const std::vector<Told> without = ScriptRow::run(robbed.root());
  ASSERT_EQ(with.size(), without.size());
  const bool may_refuse = kind == Kind::Condition || kind == Kind::Test;
  for (std::size_t i = 0; i < with.size(); ++i) {
    const bool differs =
        with[i].text.substr(with[i].text.find('\n')) != without[i].text.substr(without[i].text.find('\n'));
    if (may_refuse && !with[i].is_meant_to_match) shown.unmatched |= without[i].script == "matched";
    if (!may_refuse && ((kind != Kind::Member && kind != Kind::Part) || !with[i].is_meant_to_match))
      shown.unmatched |= !differs;
    const bool counts = may_refuse ? with[i].is_meant_to_match : differs;
    (with[i].is_streamed ? shown.streamed : shown.whole) |= counts;
  }
}

void look_at_files(Json files, const std::string& word, Shown& shown) {
  const std::filesystem::path folder = std::filesystem::path(MIMUS_SOURCE_DIR) / "fixtures/golden/http";
  const auto golden = [&](const char* which) {
    const auto text = read_file(folder / (std::string(files.find(which).string_or("")) + ".golden"), 1'000'000);
    EXPECT_TRUE(text) << which;
    return text ? *text : "";
  };
  const auto request = [&](const char* which) {
    return to_text(script_file(folder / (std::string(files.find(which).string_or("")) + ".json")).root());
  };
  const std::string unmatched = golden("unmatched");
  shown.whole = request("whole").find(word + "=") != std::string::npos && golden("whole") != unmatched;
  shown.streamed = request("streamed").find(word + "=") != std::string::npos &&
                   golden("streamed").find("text/event-stream") != std::string::npos;
  shown.unmatched = request("unmatched").find(word + "=") == std::string::npos;
}

bool is_of(Json row, std::string_view key, const std::string& word) {
  if (!row.find("of")) return key == word;
  bool found = false;
  for (const Json name : row.find("of").elements()) found |= name.as_string() == word;
  return found;
}

TEST(ScriptCoverage, EachWordHasGoldensThatHangOnIt) {
  for (const Area& area : areas()) {
    const JsonDocument rows = script_file(scripts_folder() / (std::string(area.file) + ".json"));
    for (const std::string& word : area.words) {
      SCOPED_TRACE(std::string(area.file) + ": " + word);
      Shown shown;
      std::set<std::string_view> excused;
      for (const auto [key, row] : rows.root().members()) {
        if (!is_of(row, key, word)) continue;
        if (row.find("asks")) look_at(row, area.kind, word, shown);
        if (row.find("http")) look_at_files(row.find("http"), word, shown);
        for (const std::string_view excuse : {"never", "never_whole", "never_streamed"}) {
          if (!row.find(excuse).string_or("").empty()) excused.insert(excuse);
        }
      }
      const bool never = excused.contains("never");
      EXPECT_NE(shown.whole, never || excused.contains("never_whole")) << "whole";
      EXPECT_NE(shown.streamed, never || excused.contains("never_streamed")) << "streamed";
      EXPECT_NE(shown.unmatched, never) << "a request that it does not touch";
    }
  }
}

TEST(ScriptCoverage, RowsNameNoWordThatThereIsNot) {
  for (const Area& area : areas()) {
    const JsonDocument rows = script_file(scripts_folder() / (std::string(area.file) + ".json"));
    for (const auto [key, row] : rows.root().members()) {
      for (const Json name : row.find("of").elements()) {
        EXPECT_TRUE(area.words.contains(std::string(name.as_string()))) << area.file << ": " << name.as_string();
      }
    }
  }
}

}  // namespace
}  // namespace mimus::server
