#include "server/dialect/limit_rules.h"

#include <algorithm>
#include <array>

#include "api/object_reader.h"

namespace mimus::server {
namespace {

constexpr std::int64_t kMostPerMinute = 10'000'000'000;  // keeps the arithmetic of the limiter inside 64 bits

bool matches(std::string_view pattern, std::string_view operation) {
  if (!pattern.empty() && pattern.back() == '*') return operation.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == operation;
}

std::optional<std::int64_t> read_limit(ObjectReader& reader, std::string_view key) {
  const std::int64_t value = reader.integer(key, 0, 1, kMostPerMinute);
  return value > 0 ? std::optional(value) : std::nullopt;
}

Result<MinuteLimits> read_limits(Json json, const std::string& where) {
  ObjectReader reader(json, where);
  MinuteLimits limits;
  limits.requests = read_limit(reader, "requests");
  limits.tokens = read_limit(reader, "tokens");
  if (auto done = reader.finish(); !done) return done.error();
  return limits;
}

Result<Done> read_plans(Json json, const std::string& where, LimitRules& rules) {
  for (const auto [plan, classes] : json.members()) {
    const std::string at = where + "/" + pointer_step(plan);
    if (!classes.is_object()) return Error{Errc::BadInput, "expected an object, found " + describe(classes), at};
    auto& rows = rules.plans[std::string(plan)];
    for (const auto [name, limits] : classes.members()) {
      auto read = read_limits(limits, at + "/" + pointer_step(name));
      if (!read) return read.error();
      rows.emplace(name, *read);
    }
  }
  return Done{};
}

Result<Done> read_classes(Json json, const std::string& where, LimitRules& rules) {
  ObjectReader reader(json, where);
  for (const auto [name, operations] : json.members()) {
    for (std::string& operation : reader.strings(name)) rules.classes.emplace_back(std::move(operation), name);
  }
  return reader.finish();
}

Result<LimitHeader> read_header(Json json, const std::string& where) {
  using Header = LimitHeader;
  constexpr std::array kShows{Header::Shows::Limit, Header::Shows::Remaining, Header::Shows::Reset,
                              Header::Shows::RetryAfter};
  constexpr std::array kAs{Header::As::Integer, Header::As::GoDuration, Header::As::Seconds, Header::As::Milliseconds,
                           Header::As::EpochSeconds};
  ObjectReader reader(json, where);
  Header header;
  header.name = reader.required_string("name");
  header.shows = kShows[reader.one_of("shows", {"limit", "remaining", "reset", "retry_after"}, 0)];
  header.of = reader.one_of("of", {"requests", "tokens"}, 0) == 0 ? Header::Of::Requests : Header::Of::Tokens;
  header.as = kAs[reader.one_of("as", {"integer", "go_duration", "seconds", "milliseconds", "epoch_seconds"}, 0)];
  header.on_success = reader.one_of("on", {"all", "refusal"}, 0) == 0;
  header.zero_when_refused = reader.boolean("zero_when_refused", false);
  const bool is_count = header.shows == Header::Shows::Limit || header.shows == Header::Shows::Remaining;
  if (is_count != (header.as == Header::As::Integer)) {
    reader.fail("as", is_count ? "a count is always an integer"
                               : "a time needs one of: go_duration, seconds, "
                                 "milliseconds, epoch_seconds");
  }
  if (auto done = reader.finish(); !done) return done.error();
  return header;
}

Result<Done> read_headers(Json json, const std::string& where, LimitRules& rules) {
  for (std::size_t i = 0; i < json.size(); ++i) {
    auto header = read_header(json.at(i), where + "/" + std::to_string(i));
    if (!header) return header.error();
    rules.headers.push_back(std::move(*header));
  }
  return Done{};
}

Result<Done> read_silent_on(Json json, const std::string& where, LimitRules& rules) {
  for (std::size_t i = 0; i < json.size(); ++i) {
    const std::int64_t status = json.at(i).int_or(0);
    if (status < 200 || status > 599) {
      return Error{Errc::BadInput, "expected a status of 200 to 599, found " + describe(json.at(i)),
                   where + "/" + std::to_string(i)};
    }
    rules.silent_on.push_back(static_cast<int>(status));
  }
  return Done{};
}

// Every class that a plan limits must be one that operations count in, or the limit would never bite.
Result<Done> check_classes(const LimitRules& rules, const std::string& where) {
  for (const auto& [plan, rows] : rules.plans) {
    for (const auto& [name, limits] : rows) {
      const bool known = std::any_of(rules.classes.begin(), rules.classes.end(),
                                     [&name = name](const auto& row) { return row.second == name; });
      if (known) continue;
      return Error{Errc::BadInput, "no operation counts in class \"" + name + "\" (see \"classes\")",
                   where + "/plans/" + pointer_step(plan) + "/" + pointer_step(name)};
    }
  }
  return Done{};
}

}  // namespace

std::vector<std::string> LimitRules::class_names() const {
  std::vector<std::string> names;
  for (const auto& [pattern, name] : classes) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

std::string_view LimitRules::class_of(std::string_view operation) const {
  for (const auto& [pattern, name] : classes) {
    if (matches(pattern, operation)) return name;
  }
  return {};
}

bool LimitRules::is_counted(std::string_view operation) const {
  return std::none_of(uncounted.begin(), uncounted.end(),
                      [&](const auto& pattern) { return matches(pattern, operation); });
}

Result<LimitRules> read_limit_rules(Json json, const std::string& where) {
  LimitRules rules;
  if (!json) return rules;
  ObjectReader reader(json, where);
  reader.any("source");  // for people
  rules.time = reader.one_of("time", {"refill", "window"}, 0) == 0 ? LimitTime::Refill : LimitTime::Window;
  const Json plans = reader.object("plans");
  const Json classes = reader.object("classes");
  const Json headers = reader.array("headers");
  const Json silent_on = reader.array("silent_on");
  rules.uncounted = reader.strings("uncounted");
  if (auto done = reader.finish(); !done) return done.error();
  if (auto done = read_plans(plans, reader.path_of("plans"), rules); !done) return done.error();
  if (classes) {
    if (auto done = read_classes(classes, reader.path_of("classes"), rules); !done) return done.error();
  }
  if (auto done = read_headers(headers, reader.path_of("headers"), rules); !done) return done.error();
  if (auto done = read_silent_on(silent_on, reader.path_of("silent_on"), rules); !done) return done.error();
  if (auto done = check_classes(rules, where); !done) return done.error();
  return rules;
}

}  // namespace mimus::server
