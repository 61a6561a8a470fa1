// mock-llm's rules. The path is a regular expression, `match` a JMESPath expression over {body, headers, path ...}, the
// response a JSON text with {{jmes request ...}} in it. The last rule that matches wins.
#include <yaml-cpp/yaml.h>

#include <array>
#include <optional>

#include "api/object_reader.h"
#include "server/match/convert/convert.h"
#include "server/match/convert/fixture_writer.h"
#include "server/match/template.h"

namespace mimus::server {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\n");
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(" \t\n") - start + 1);
}

// "body.messages[0].content" as a JSON pointer into the body. Nothing for what a pointer cannot say.
std::optional<std::string> pointer_of(std::string_view path) {
  if (!path.starts_with("body.")) return std::nullopt;
  std::string pointer;
  std::string step;
  const auto end_step = [&] {
    if (!step.empty()) pointer += '/' + step;
    step.clear();
  };
  for (const char c : path.substr(5)) {
    const bool is_name = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
    if (is_name) {
      if (c == '-') return std::nullopt;  // an index from the end
      step += c;
    } else if (c == '.' || c == '[' || c == ']') {
      end_step();
    } else {
      return std::nullopt;
    }
  }
  end_step();
  return pointer;
}

bool is_last_message(std::string_view path) {
  return path == "body.messages[-1].content";
}

// One 'literal' or `json literal` of JMESPath, as JSON text.
std::optional<std::string> literal_of(std::string_view text) {
  if (text.size() < 2 || text.front() != text.back()) return std::nullopt;
  const std::string_view inside = text.substr(1, text.size() - 2);
  if (text.front() == '\'') {
    std::string json = "\"";
    append_escaped(inside, json);
    return json + '"';
  }
  if (text.front() != '`' || !parse_json(inside)) return std::nullopt;
  return std::string(inside);
}

struct Conditions {
  std::vector<std::string> contains;                         // of the last message
  std::vector<std::pair<std::string, std::string>> json;     // pointer and JSON literal
  std::vector<std::pair<std::string, std::string>> headers;  // name and JSON string
  std::optional<std::string> last_user;                      // JSON string
};

bool add_equality(std::string_view left, std::string_view right, Conditions& to) {
  const auto literal = literal_of(right);
  if (!literal) return false;
  if (is_last_message(left)) {
    to.last_user = *literal;
  } else if (left.starts_with("headers.") && literal->front() == '"') {
    to.headers.emplace_back(left.substr(8), *literal);
  } else if (const auto pointer = pointer_of(left)) {
    to.json.emplace_back(*pointer, *literal);
  } else {
    return false;
  }
  return true;
}

bool add_term(std::string_view term, Conditions& to) {
  if (term == "@") return true;
  constexpr std::string_view kContains = "contains(";
  if (term.starts_with(kContains) && term.ends_with(")")) {
    const std::string_view inside = term.substr(kContains.size(), term.size() - kContains.size() - 1);
    const std::size_t comma = inside.find(',');
    if (comma == std::string_view::npos) return false;
    const std::string_view path = trimmed(inside.substr(0, comma));
    const auto literal = literal_of(trimmed(inside.substr(comma + 1)));
    if (!literal || literal->front() != '"') return false;
    if (is_last_message(path)) {
      to.contains.push_back(*literal);
    } else if (const auto pointer = pointer_of(path)) {
      to.json.emplace_back(*pointer, "{\"contains\":" + *literal + "}");
    } else {
      return false;
    }
    return true;
  }
  const std::size_t equals = term.find("==");
  return equals != std::string_view::npos &&
         add_equality(trimmed(term.substr(0, equals)), trimmed(term.substr(equals + 2)), to);
}

// False: the expression says something that a `when` cannot, or that is not understood.
bool read_match(std::string_view match, Conditions& to) {
  while (true) {
    const std::size_t join = match.find("&&");
    if (!add_term(trimmed(match.substr(0, join)), to)) return false;
    if (join == std::string_view::npos) return true;
    match = match.substr(join + 2);
  }
}

// The endpoint that a path of theirs, a regular expression, most likely means.
std::string_view endpoint_of(std::string_view path) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kPaths = {
      {{"chat/completions", "chat.completions"},
       {"completions", "completions"},
       {"embeddings", "embeddings"},
       {"responses", "responses"},
       {"models", "models.list"}}};
  for (const auto& [part, operation] : kPaths) {
    if (path.find(part) != std::string_view::npos) return operation;
  }
  return {};
}

// {{jmes request body.x}} and {{timestamp}} as variables of ours. Nothing: one has no counterpart.
std::optional<std::string> convert_template(const std::string& content) {
  std::string out;
  for (std::size_t at = 0; at < content.size();) {
    const std::size_t open = content.find("{{", at);
    const std::size_t close = open == std::string::npos ? open : content.find("}}", open);
    out += content.substr(at, close == std::string::npos ? close : open - at);
    if (close == std::string::npos) break;
    const std::string_view inside = trimmed(std::string_view(content).substr(open + 2, close - open - 2));
    constexpr std::string_view kJmes = "jmes request ";
    const std::string_view path = inside.starts_with(kJmes) ? trimmed(inside.substr(kJmes.size())) : "";
    const auto pointer = pointer_of(path);
    if (inside == "timestamp") {
      out += "{{now}}000";
    } else if (is_last_message(path)) {
      out += "{{last_user}}";
    } else if (pointer) {
      out += "{{json:" + *pointer + "}}";
    } else if (path.starts_with("headers.") && path != "headers.authorization") {
      out += "{{header:" + std::string(path.substr(8)) + "}}";
    } else {
      return std::nullopt;
    }
    at = close + 2;
  }
  return out;
}

class RuleConverter {
 public:
  RuleConverter(FixtureWriter& to, std::size_t place, std::size_t number) : to_(to), place_(place), number_(number) {}

  void convert(const YAML::Node& rule) {
    const auto path = rule["path"].as<std::string>("");
    const auto match = rule["match"].as<std::string>("@");
    const std::string_view endpoint = endpoint_of(path);
    if (endpoint.empty()) return to_.note(number_, "path \"" + path + "\" is of no endpoint here; left out");
    Conditions conditions;
    if (!read_match(match, conditions)) {
      return to_.note(number_, "the expression \"" + match + "\" cannot be carried over; left out");
    }
    const auto content = convert_template(rule["response"]["content"].as<std::string>("{}"));
    if (!content) return to_.note(number_, "its response asks for values that have no counterpart; left out");
    const auto status = rule["response"]["status"].as<int>(200);
    if (rule["sequence"]) {
      to_.note(number_,
               "sequence counts all requests of a path; here the rule is used once, in its place among the others");
    }
    to_.add(place_, [&](JsonWriter& writer) {
      write_when(writer, endpoint, conditions);
      write_reply(writer, *content, status);
      if (rule["sequence"]) writer.member("times", 1);
    });
  }

 private:
  static void write_when(JsonWriter& writer, std::string_view endpoint, const Conditions& conditions) {
    writer.key("when").object().member("endpoint", endpoint);
    if (!conditions.contains.empty() || conditions.last_user) {
      writer.key("last_user").object();
      if (conditions.last_user) writer.key("exact").raw(*conditions.last_user);
      if (!conditions.contains.empty()) {
        writer.key("contains").array();
        for (const std::string& text : conditions.contains) writer.raw(text);
        writer.end_array();
      }
      writer.end_object();
    }
    write_pairs(writer, "json", conditions.json);
    write_pairs(writer, "header", conditions.headers);
    writer.end_object();
  }

  static void write_pairs(JsonWriter& writer, std::string_view name,
                          const std::vector<std::pair<std::string, std::string>>& pairs) {
    if (pairs.empty()) return;
    writer.key(name).object();
    for (const auto& [key, value] : pairs) writer.key(key).raw(value);
    writer.end_object();
  }

  // A chat completion becomes a neutral reply, which can be streamed; anything else goes out as it is.
  void write_reply(JsonWriter& writer, const std::string& content, int status) {
    const auto parsed = parse_json(content);
    const Json root = parsed ? parsed->root() : Json();
    const Json message = root.find_pointer("/choices/0/message");
    const Json error = root.find("error");
    writer.key("reply").object();
    if (status < 300 && message.is_object() && root.find("choices").size() == 1) {
      write_message(writer, message, root);
    } else if (status >= 400 && error.is_object() && error.find("message").is_string()) {
      writer.key("error").object().member("status", status).member("message", error.find("message").as_string());
      for (const std::string_view key : {"type", "param", "code"}) {
        if (const Json value = error.find(key); value.is_string()) writer.member(key, value.as_string());
      }
      writer.end_object();
    } else {
      writer.key("raw").object().member("status", status).key("body");
      parsed ? writer.value(root) : writer.string(content);
      writer.end_object();
      writer.key("headers").object().member("content-type", "application/json").end_object();
      to_.note(number_, "the response is sent as it is, and is not streamed");
    }
    writer.end_object();
  }

  static void write_message(JsonWriter& writer, Json message, Json root) {
    if (const Json text = message.find("content"); text.is_string()) writer.member("text", text.as_string());
    if (const Json calls = message.find("tool_calls"); calls.is_array()) {
      writer.key("tool_calls").array();
      for (const Json call : calls.elements()) {
        writer.object().member("name", call.find_pointer("/function/name").string_or(""));
        if (const Json id = call.find("id"); id.is_string()) writer.member("id", id.as_string());
        const Json arguments = call.find_pointer("/function/arguments");
        if (arguments.is_string() || arguments.is_object()) writer.key("arguments").value(arguments);
        writer.end_object();
      }
      writer.end_array();
    }
    if (!message.find("content").is_string() && !message.find("tool_calls")) writer.member("text", "");
    const Json usage = root.find("usage");
    if (usage.find("prompt_tokens").is_integer() && usage.find("completion_tokens").is_integer()) {
      writer.key("usage").object().member("prompt_tokens", usage.find("prompt_tokens").as_int());
      writer.member("completion_tokens", usage.find("completion_tokens").as_int()).end_object();
    }
  }

  FixtureWriter& to_;
  std::size_t place_;   // behind how many rules that win over it
  std::size_t number_;  // in the file
};

Result<Converted> convert_root(const YAML::Node& root, const std::string& file) {
  const YAML::Node rules = root.IsMap() ? root["rules"] : YAML::Node();
  if (!rules || !rules.IsSequence()) return Error{Errc::BadInput, "expected mock-llm's \"rules:\"", file};
  FixtureWriter writer;
  const std::size_t count = rules.size();
  for (std::size_t place = 0; place < count; ++place) {
    const std::size_t number = count - 1 - place;
    RuleConverter(writer, place, number).convert(rules[number]);
  }
  Converted converted = writer.finish();
  for (const char* key : {"streaming", "oauth"}) {
    if (root[key]) converted.notes.push_back(std::string(key) + ": settings of the server, not of a fixture; left out");
  }
  return converted;
}

}  // namespace

Result<Converted> convert_mock_llm(std::string_view text, const std::string& file) {
  constexpr std::size_t kLargest = 16 * 1024 * 1024;
  if (text.size() > kLargest) return Error{Errc::BadInput, "larger than 16 MiB", file};
  try {
    return convert_root(YAML::Load(std::string(text)), file);
  } catch (const YAML::Exception& error) {
    return Error{Errc::BadInput, std::string("not valid YAML: ") + error.what(), file};
  }
}

}  // namespace mimus::server
