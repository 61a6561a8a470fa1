#include "server/match/when_reader.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "api/object_reader.h"
#include "server/match/glob.h"

namespace mimus::server {
namespace {

constexpr std::array<TextPattern::Kind, 4> kTests = {TextPattern::Kind::Exact, TextPattern::Kind::Contains,
                                                     TextPattern::Kind::Glob, TextPattern::Kind::Regex};

class WhenReader {
 public:
  WhenReader(Json json, const std::string& where, const Vocabulary& vocabulary)
      : reader_(json, where), vocabulary_(vocabulary) {}

  Result<When> read() {
    read_endpoint();
    read_texts();
    read_flags();
    for (const std::string& tool : reader_.strings("offers_tool")) {
      add(Field::OffersTool, "", TextPattern::exact(tool));
    }
    read_headers();
    read_pointers();
    read_states();
    if (auto done = reader_.finish(); !done) return done.error();
    if (error_) return *error_;
    return std::move(when_);
  }

 private:
  template <class Expected>
  void add(Field field, std::string key, Expected expected) {
    when_.conditions.push_back({field, std::move(key), std::move(expected)});
  }

  // The first error sticks, with the pointer of where it is.
  void fail(const std::string& where, std::string message) {
    if (!error_) error_ = Error{Errc::BadInput, std::move(message), where};
  }

  void read_endpoint() {
    const std::vector<std::string> names = reader_.strings("endpoint");
    for (const std::string& name : names) {
      const auto problem = name_problem(name, vocabulary_.operations, "endpoint");
      if (problem) reader_.fail("endpoint", *problem);
    }
    if (names.size() == 1) {
      add(Field::Endpoint, "", TextPattern::exact(names.front()));
    } else if (!names.empty()) {
      add(Field::Endpoint, "", OneOf{names});
    }
  }

  void read_texts() {
    constexpr std::array<Field, 7> kTexts = {Field::Model,      Field::LastUser,     Field::System,    Field::AnyText,
                                             Field::ToolResult, Field::ToolResultOf, Field::ToolCallId};
    for (const Field field : kTexts) {
      const Json json = reader_.any(name_of(field));
      if (json) read_text(field, "", json, reader_.path_of(name_of(field)));
    }
  }

  // A string alone is exact; of a model it is a glob when it looks like one.
  void read_text(Field field, const std::string& key, Json json, const std::string& where) {
    if (json.is_object()) return read_tests(field, key, json, where);
    if (!json.is_string()) {
      return fail(where,
                  "expected a string, or an object with exact, contains, glob or regex, found " + describe(json));
    }
    const std::string text(json.as_string());
    const bool is_glob = field == Field::Model && has_wildcard(text);
    add_test(field, key, is_glob ? TextPattern::Kind::Glob : TextPattern::Kind::Exact, text, where);
  }

  void add_test(Field field, const std::string& key, TextPattern::Kind kind, std::string pattern,
                const std::string& where) {
    auto test = TextPattern::make(kind, std::move(pattern));
    if (!test) return fail(where, test.error().message);
    add(field, key, std::move(*test));
  }

  void read_tests(Field field, const std::string& key, Json json, const std::string& where) {
    ObjectReader tests(json, where);
    const std::size_t before = when_.conditions.size();
    for (const TextPattern::Kind kind : kTests) {
      for (const std::string& pattern : tests.strings(name_of(kind))) {
        add_test(field, key, kind, pattern, tests.path_of(name_of(kind)));
      }
    }
    const bool may_be_absent = field == Field::Header || field == Field::JsonValue;
    if (may_be_absent && json.find("exists")) add(field, key, Exists{tests.boolean("exists", true)});
    if (field == Field::JsonValue) {
      if (const Json value = tests.any("equals")) add(field, key, Equals{value});
    }
    if (const auto done = tests.finish(); !done) return fail(done.error().where, done.error().message);
    if (when_.conditions.size() == before) fail(where, "expected at least one of exact, contains, glob, regex");
  }

  void read_flags() {
    if (const Json flag = reader_.any("has_tool_result")) {
      add(Field::HasToolResult, "", reader_.boolean("has_tool_result", flag.bool_or(false)));
    }
    if (const Json flag = reader_.any("stream")) add(Field::Stream, "", reader_.boolean("stream", flag.bool_or(false)));
    if (reader_.any("turn")) add(Field::Turn, "", reader_.integer("turn", 1, 1, 1'000'000));
  }

  // Runs over an object whose keys are the user's own; a repeated one is an error.
  template <class Each>
  void each_member(std::string_view name, Each each) {
    const Json object = reader_.object(name);
    const std::string where = reader_.path_of(name);
    for (std::size_t i = 0; i < object.size(); ++i) {
      const auto [key, value] = object.member(i);
      const std::string place = where + "/" + pointer_step(key);
      for (std::size_t j = 0; j < i; ++j) {
        if (object.member(j).key == key) fail(place, "the key stands twice in one object");
      }
      each(key, value, place);
    }
  }

  void read_headers() {
    each_member("header", [this](std::string_view name, Json value, const std::string& where) {
      std::string lower(name);
      std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
      read_text(Field::Header, lower, value, where);
    });
  }

  void read_pointers() {
    each_member("json", [this](std::string_view pointer, Json value, const std::string& where) {
      if (const auto problem = pointer_problem(pointer)) return fail(where, *problem);
      if (value.is_object()) return read_tests(Field::JsonValue, std::string(pointer), value, where);
      add(Field::JsonValue, std::string(pointer), Equals{value});
    });
  }

  static std::optional<std::string> pointer_problem(std::string_view pointer) {
    if (!pointer.empty() && pointer.front() != '/') return "not a JSON pointer: expected \"\" or a \"/\" at its start";
    for (std::size_t i = 0; i < pointer.size(); ++i) {
      const char next = i + 1 < pointer.size() ? pointer[i + 1] : '\0';
      if (pointer[i] == '~' && next != '0' && next != '1') return "not a JSON pointer: \"~\" is written \"~0\"";
    }
    return std::nullopt;
  }

  void read_states() {
    for (const std::string& text : reader_.strings("state")) {
      auto state = read_state_value(text);
      if (!state) return reader_.fail("state", state.error().message);
      when_.states.push_back(std::move(*state));
    }
  }

  ObjectReader reader_;
  const Vocabulary& vocabulary_;
  When when_;
  std::optional<Error> error_;
};

}  // namespace

Result<When> read_when(Json json, const std::string& where, const Vocabulary& vocabulary) {
  if (!json) return When{};
  return WhenReader(json, where, vocabulary).read();
}

Result<StateValue> read_state_value(std::string_view text) {
  constexpr std::size_t kLongest = 200;
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0 || text.size() > kLongest) {
    return Error{Errc::BadInput, "expected a state such as \"order=paid\" of at most 200 bytes", ""};
  }
  return StateValue{std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

}  // namespace mimus::server
