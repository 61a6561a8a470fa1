#include "server/match/directives.h"

#include <array>
#include <charconv>

#include "api/object_reader.h"

namespace mimus::server {
namespace {

Error bad(std::string message) {
  return {Errc::BadInput, std::move(message), ""};
}

std::string quoted(std::string_view text) {
  return '"' + std::string(text) + '"';
}

Result<std::int64_t> read_count(std::string_view text, std::int64_t min, std::int64_t max) {
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size() || value < min || value > max) {
    return bad("expected a number from " + std::to_string(min) + " to " + std::to_string(max) + ", found " +
               quoted(text));
  }
  return value;
}

// What one directive does with its value.
struct Setter {
  Directives& directives;
  std::string_view value;
  const Vocabulary& vocabulary;

  template <class Member, class Parsed>
  static Result<Done> keep(Member& member, Result<Parsed> parsed) {
    if (!parsed) return parsed.error();
    member = *parsed;
    return Done{};
  }
  static Result<Done> keep_int(std::optional<int>& member, Result<std::int64_t> parsed) {
    if (!parsed) return parsed.error();
    member = static_cast<int>(*parsed);
    return Done{};
  }

  Result<Done> tokens() { return keep(directives.tokens, read_count(value, 0, 1'000'000)); }
  Result<Done> ttft() { return keep(directives.ttft, read_duration(value)); }
  Result<Done> token() { return keep(directives.token, read_duration(value)); }
  Result<Done> jitter() { return keep(directives.jitter, read_jitter(value)); }
  Result<Done> chunk_tokens() { return keep_int(directives.chunk_tokens, read_count(value, 1, 100'000)); }
  Result<Done> status() { return keep_int(directives.status, read_count(value, 400, 599)); }
  Result<Done> first() { return keep_int(directives.first, read_count(value, 1, 1'000'000)); }
  Result<Done> echo() {
    directives.echo = true;
    return Done{};
  }
  Result<Done> error() {
    if (const auto problem = name_problem(value, vocabulary.situations, "situation")) return bad(*problem);
    directives.error = value;
    return Done{};
  }
  Result<Done> fault() {
    if (const auto problem = vocabulary.fault_problem ? vocabulary.fault_problem(value) : std::nullopt) {
      return bad(*problem);
    }
    directives.faults.emplace_back(value);
    return Done{};
  }
  Result<Done> deviate() {
    if (const auto problem = name_problem(value, vocabulary.deviations, "check")) return bad(*problem);
    directives.deviations.emplace_back(value);
    return Done{};
  }
};

struct Row {
  std::string_view name;
  Result<Done> (Setter::*set)();
  bool takes_value = true;
};

constexpr std::array<Row, 11> kRows = {{{"tokens", &Setter::tokens},
                                        {"ttft", &Setter::ttft},
                                        {"token", &Setter::token},
                                        {"jitter", &Setter::jitter},
                                        {"chunk_tokens", &Setter::chunk_tokens},
                                        {"echo", &Setter::echo, false},
                                        {"status", &Setter::status},
                                        {"error", &Setter::error},
                                        {"first", &Setter::first},
                                        {"fault", &Setter::fault},
                                        {"deviate", &Setter::deviate}}};

Error unknown(std::string_view name) {
  const std::vector<std::string_view> names = directive_names();
  const std::vector<std::string> known(names.begin(), names.end());
  const auto near = nearest_name(name, known);
  return bad("unknown directive " + quoted(name) + (near ? ", did you mean " + quoted(*near) + "?" : ""));
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::vector<std::string_view> directive_names() {
  std::vector<std::string_view> names;
  for (const Row& row : kRows) names.push_back(row.name);
  return names;
}

Result<Done> set_directive(Directives& directives, std::string_view name, std::optional<std::string_view> value,
                           const Vocabulary& vocabulary) {
  for (const Row& row : kRows) {
    if (row.name != name) continue;
    if (row.takes_value != value.has_value()) {
      return bad("directive " + quoted(name) + (row.takes_value ? " needs a value" : " takes no value"));
    }
    auto done = (Setter{directives, value.value_or(""), vocabulary}.*row.set)();
    if (!done) return bad("directive " + quoted(name) + ": " + done.error().message);
    return Done{};
  }
  return unknown(name);
}

Result<Directives> parse_directives(std::string_view text, const Vocabulary& vocabulary) {
  Directives directives;
  std::vector<std::string_view> seen;
  while (!text.empty()) {
    const std::size_t end = text.find(';');
    const std::string_view one = trimmed(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (one.empty()) continue;
    const std::size_t equals = one.find('=');
    const std::string_view name = trimmed(one.substr(0, equals));
    std::optional<std::string_view> value;
    if (equals != std::string_view::npos) value = trimmed(one.substr(equals + 1));
    const bool may_repeat = name == "fault" || name == "deviate";
    for (const std::string_view before : seen) {
      if (before == name && !may_repeat) return bad("directive " + quoted(name) + " is given twice");
    }
    seen.push_back(name);
    if (auto done = set_directive(directives, name, value, vocabulary); !done) return done.error();
  }
  if (directives.first && !directives.status && directives.error.empty()) {
    return bad("directive \"first\" says how often an error comes: it needs \"status\" or \"error\" beside it");
  }
  return directives;
}

SteeredModel split_model(std::string_view model) {
  const std::size_t end = model.find(';');
  if (end == std::string_view::npos) return {model, {}};
  return {trimmed(model.substr(0, end)), model.substr(end + 1)};
}

Directives merged(Directives base, const Directives& over) {
  const auto lay = [](auto& member, const auto& given) {
    if (given) member = given;
  };
  lay(base.tokens, over.tokens);
  lay(base.ttft, over.ttft);
  lay(base.token, over.token);
  lay(base.jitter, over.jitter);
  lay(base.chunk_tokens, over.chunk_tokens);
  base.echo = base.echo || over.echo;
  if (over.status || !over.error.empty()) {  // one error replaces another as a whole
    base.status = over.status;
    base.error = over.error;
    base.first = over.first;
  }
  if (!over.faults.empty()) base.faults = over.faults;
  if (!over.deviations.empty()) base.deviations = over.deviations;
  return base;
}

}  // namespace mimus::server
