// Texts of fixtures with values of the request in them: "It is sunny in {{json:/messages/0/content}}."
//
//   {{last_user}}  {{system}}  {{tool_result}}  {{model}}   texts of the request; empty where it has none
//   {{json:/pointer}}   a value of the body: a string as it is, anything else as JSON; empty when absent
//   {{header:name}}     a request header; not those that carry credentials
//   {{state:name}}      a state of this test      {{test}}  the test's name, where the request gives one
//   {{nth}}             how often the fixture was used in this test, counted from 1
//   {{now}}  {{now_iso}}   the server's clock: seconds since 1970, or 2026-01-31T12:00:00Z
//   \{{                 two braces, literally (in JSON the backslash is doubled: "\\{{")
//
// Anything else between double braces is an error when the fixture is read. Immutable, so thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "api/json.h"
#include "api/result.h"
#include "server/clock.h"
#include "server/match/question.h"

namespace mimus::server {

using States = std::map<std::string, std::string, std::less<>>;

struct TemplateContext {
  const Question& question;
  const States& states;
  std::string_view test;  // the value of x-mimus-test; never an API key
  std::uint64_t nth = 1;
  WallTime now{};
};

class Template {
 public:
  Template() = default;  // the empty text

  static Result<Template> parse(std::string_view text);

  // The compact text of `json`, with variables in its strings; what they bring is escaped, so the result is always
  // JSON. A string that is one {{json:/pointer}} and nothing else becomes that value itself, null when absent.
  static Result<Template> parse_json(Json json);

  [[nodiscard]] std::string render(const TemplateContext& context) const;

  [[nodiscard]] bool is_empty() const { return segments_.empty(); }
  [[nodiscard]] bool is_literal() const;  // renders the same for every request

 private:
  enum class Variable { None, LastUser, System, ToolResult, Model, Json, Header, State, Test, Nth, Now, NowIso };
  enum class Form { Plain, InJsonString, JsonValue };
  struct Segment {
    Variable variable = Variable::None;
    Form form = Form::Plain;
    std::string text;  // the literal, or what stands behind the variable's colon
  };
  static Result<Segment> read_variable(std::string_view inside);
  static std::string value_of(const Segment& segment, const TemplateContext& context);
  Result<Done> add_json(Json json);
  Result<Done> add_string(std::string_view text);
  void add_literal(std::string text);

  std::vector<Segment> segments_;
};

// `text` so that a Template gives it back as it is.
std::string escape_template(std::string_view text);

}  // namespace mimus::server
