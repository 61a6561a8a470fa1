#include "server/match/template.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

#include "api/json_writer.h"
#include "api/object_reader.h"
#include "server/match/condition.h"

namespace mimus::server {
namespace {

constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";

std::string iso_time(WallTime now) {
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), size};
}

std::string text_of(Json value) {
  if (!value) return {};
  return value.is_string() ? std::string(value.as_string()) : to_text(value);
}

}  // namespace

Result<Template::Segment> Template::read_variable(std::string_view inside) {
  struct Row {
    std::string_view name;
    Variable variable;
    bool takes_argument;
  };
  constexpr std::array<Row, 11> kRows = {{{"last_user", Variable::LastUser, false},
                                          {"system", Variable::System, false},
                                          {"tool_result", Variable::ToolResult, false},
                                          {"model", Variable::Model, false},
                                          {"json", Variable::Json, true},
                                          {"header", Variable::Header, true},
                                          {"state", Variable::State, true},
                                          {"test", Variable::Test, false},
                                          {"nth", Variable::Nth, false},
                                          {"now", Variable::Now, false},
                                          {"now_iso", Variable::NowIso, false}}};
  const std::size_t colon = inside.find(':');
  const std::string_view name = inside.substr(0, colon);
  const std::string argument(colon == std::string_view::npos ? "" : inside.substr(colon + 1));
  std::vector<std::string> known;
  for (const Row& row : kRows) known.push_back(std::string(row.name) + (row.takes_argument ? ":" : ""));
  const auto fail = [](std::string message) { return Error{Errc::BadInput, std::move(message), ""}; };
  for (const Row& row : kRows) {
    if (row.name != name) continue;
    if (row.takes_argument == argument.empty() &&
        !(row.variable == Variable::Json && colon != std::string_view::npos)) {
      return fail("{{" + std::string(inside) + "}}: \"" + std::string(name) +
                  (row.takes_argument ? "\" needs something behind a colon" : "\" takes nothing behind a colon"));
    }
    if (row.variable == Variable::Json && !argument.empty() && argument.front() != '/') {
      return fail("{{" + std::string(inside) + "}}: not a JSON pointer, it would begin with \"/\"");
    }
    if (row.variable == Variable::Header && is_credential_header(argument)) {
      return fail("{{" + std::string(inside) + "}}: this header carries a credential, which no reply may show");
    }
    return Segment{row.variable, Form::Plain, argument};
  }
  const auto near = nearest_name(inside, known);
  return fail("unknown variable {{" + std::string(inside) + "}}" + (near ? ", did you mean {{" + *near + "}}?" : "") +
              " (two literal braces are written \\{{)");
}

Result<Template> Template::parse(std::string_view text) {
  Template result;
  std::string literal;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = text.find(kOpen, at);
    if (open == std::string_view::npos) {
      literal += text.substr(at);
      break;
    }
    if (open > at && text[open - 1] == '\\') {
      literal += std::string(text.substr(at, open - 1 - at)) + std::string(kOpen);
      at = open + kOpen.size();
      continue;
    }
    const std::size_t close = text.find(kClose, open);
    if (close == std::string_view::npos) {
      return Error{Errc::BadInput, "\"{{\" is never closed (two literal braces are written \\{{)", ""};
    }
    literal += text.substr(at, open - at);
    result.add_literal(std::move(literal));
    literal.clear();
    auto segment = read_variable(text.substr(open + kOpen.size(), close - open - kOpen.size()));
    if (!segment) return segment.error();
    result.segments_.push_back(std::move(*segment));
    at = close + kClose.size();
  }
  result.add_literal(std::move(literal));
  return result;
}

Result<Template> Template::parse_json(Json json) {
  Template result;
  if (auto done = result.add_json(json); !done) return done.error();
  return result;
}

void Template::add_literal(std::string text) {
  if (text.empty()) return;
  if (!segments_.empty() && segments_.back().variable == Variable::None) {
    segments_.back().text += text;
  } else {
    segments_.push_back({Variable::None, Form::Plain, std::move(text)});
  }
}

Result<Done> Template::add_string(std::string_view text) {
  auto parsed = parse(text);
  if (!parsed) return parsed.error();
  if (parsed->segments_.size() == 1 && parsed->segments_.front().variable == Variable::Json) {
    parsed->segments_.front().form = Form::JsonValue;
    segments_.push_back(std::move(parsed->segments_.front()));
    return Done{};
  }
  add_literal("\"");
  for (Segment& segment : parsed->segments_) {
    if (segment.variable == Variable::None) {
      std::string escaped;
      append_escaped(segment.text, escaped);
      add_literal(std::move(escaped));
    } else {
      segment.form = Form::InJsonString;
      segments_.push_back(std::move(segment));
    }
  }
  add_literal("\"");
  return Done{};
}

Result<Done> Template::add_json(Json json) {
  if (json.is_string()) return add_string(json.as_string());
  if (json.is_array()) {
    for (std::size_t i = 0; i < json.size(); ++i) {
      add_literal(i == 0 ? "[" : ",");
      if (auto done = add_json(json.at(i)); !done) return done;
    }
    add_literal(json.size() == 0 ? "[]" : "]");
  } else if (json.is_object()) {
    for (std::size_t i = 0; i < json.size(); ++i) {
      std::string key = i == 0 ? "{\"" : ",\"";
      append_escaped(json.member(i).key, key);
      add_literal(key + "\":");
      if (auto done = add_json(json.member(i).value); !done) return done;
    }
    add_literal(json.size() == 0 ? "{}" : "}");
  } else {
    add_literal(to_text(json));
  }
  return Done{};
}

std::string Template::value_of(const Segment& segment, const TemplateContext& context) {
  const Question& question = context.question;
  switch (segment.variable) {
    case Variable::None:
      return segment.text;
    case Variable::LastUser:
      return std::string(question.last_user.value_or(""));
    case Variable::System:
      return std::string(question.system.value_or(""));
    case Variable::ToolResult:
      return question.tool_results.empty() ? std::string() : std::string(question.tool_results.back().text);
    case Variable::Model:
      return std::string(question.model);
    case Variable::Json:
      return text_of(question.body.find_pointer(segment.text));
    case Variable::Header:
      return std::string(question.header(segment.text).value_or(""));
    case Variable::State: {
      const auto found = context.states.find(segment.text);
      return found == context.states.end() ? std::string() : found->second;
    }
    case Variable::Test:
      return std::string(context.test);
    case Variable::Nth:
      return std::to_string(context.nth);
    case Variable::Now:
      return std::to_string(std::chrono::floor<std::chrono::seconds>(context.now).time_since_epoch().count());
    case Variable::NowIso:
      return iso_time(context.now);
  }
  return {};
}

std::string Template::render(const TemplateContext& context) const {
  std::string out;
  for (const Segment& segment : segments_) {
    if (segment.form == Form::JsonValue) {
      append_text(context.question.body.find_pointer(segment.text), out);
    } else if (segment.form == Form::InJsonString) {
      append_escaped(value_of(segment, context), out);
    } else {
      out += value_of(segment, context);
    }
  }
  return out;
}

bool Template::is_literal() const {
  return std::all_of(segments_.begin(), segments_.end(),
                     [](const Segment& segment) { return segment.variable == Variable::None; });
}

std::string escape_template(std::string_view text) {
  std::string escaped;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = text.find(kOpen, at);
    escaped += text.substr(at, open == std::string_view::npos ? open : open - at);
    if (open == std::string_view::npos) break;
    escaped += "\\{{";
    at = open + kOpen.size();
  }
  return escaped;
}

}  // namespace mimus::server
