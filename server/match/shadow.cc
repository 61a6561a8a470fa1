#include "server/match/shadow.h"

#include <algorithm>

#include "server/match/sayable.h"

namespace mimus::server {
namespace {

bool implies_text(const TextPattern& strict, const TextPattern& loose) {
  using Kind = TextPattern::Kind;
  if (strict.kind() == loose.kind() && strict.pattern() == loose.pattern()) return true;
  if (strict.kind() == Kind::Exact) return loose.holds(strict.pattern());
  return strict.kind() == Kind::Contains && loose.kind() == Kind::Contains &&
         strict.pattern().find(loose.pattern()) != std::string::npos;
}

bool implies_value(const Condition& strict, const Condition& loose) {
  const auto* loose_exists = std::get_if<Exists>(&loose.expected);
  const auto* strict_exists = std::get_if<Exists>(&strict.expected);
  if (loose_exists != nullptr)
    return strict_exists != nullptr ? strict_exists->exists == loose_exists->exists : loose_exists->exists;
  const auto* value = std::get_if<Equals>(&strict.expected);
  if (value == nullptr) return false;
  if (const auto* test = std::get_if<TextPattern>(&loose.expected)) {
    return value->value.is_string() && test->holds(value->value.as_string());
  }
  const auto* other = std::get_if<Equals>(&loose.expected);
  return other != nullptr && equal(value->value, other->value);
}

bool implies_name(const Condition& strict, const OneOf& loose) {
  const auto among = [&loose](const std::string& name) {
    return std::find(loose.names.begin(), loose.names.end(), name) != loose.names.end();
  };
  if (const auto* one = std::get_if<TextPattern>(&strict.expected)) return among(one->pattern());
  const auto* several = std::get_if<OneOf>(&strict.expected);
  return several != nullptr && std::all_of(several->names.begin(), several->names.end(), among);
}

// Fields that have one value: two different exact values of them exclude each other.
bool is_single(Field field) {
  return field == Field::Endpoint || field == Field::Model || field == Field::LastUser || field == Field::System ||
         field == Field::Header || field == Field::JsonValue;
}

bool excludes(const Condition& a, const Condition& b) {
  if (a.field == Field::HasToolResult && std::get<bool>(a.expected) == false) {
    return b.field == Field::ToolResult || b.field == Field::ToolResultOf || b.field == Field::ToolCallId;
  }
  if (a.field != b.field || a.key != b.key || !is_single(a.field)) return false;
  const auto* exact = std::get_if<TextPattern>(&a.expected);
  const auto* other = std::get_if<TextPattern>(&b.expected);
  return exact != nullptr && other != nullptr && exact->kind() == TextPattern::Kind::Exact &&
         !other->holds(exact->pattern());
}

bool covers(const Fixture& above, const Fixture& below) {
  const auto& strict = below.when.conditions;
  return std::all_of(above.when.conditions.begin(), above.when.conditions.end(), [&strict](const Condition& loose) {
    return std::any_of(strict.begin(), strict.end(), [&loose](const Condition& one) { return implies(one, loose); });
  });
}

}  // namespace

bool implies(const Condition& strict, const Condition& loose) {
  if (loose.field == Field::HasToolResult && std::get<bool>(loose.expected) &&
      (strict.field == Field::ToolResult || strict.field == Field::ToolResultOf || strict.field == Field::ToolCallId)) {
    return true;
  }
  if (strict.field != loose.field || strict.key != loose.key) return false;
  if (const auto* names = std::get_if<OneOf>(&loose.expected)) return implies_name(strict, *names);
  const auto* strict_text = std::get_if<TextPattern>(&strict.expected);
  const auto* loose_text = std::get_if<TextPattern>(&loose.expected);
  if (strict_text != nullptr && loose_text != nullptr) return implies_text(*strict_text, *loose_text);
  if (const auto* flag = std::get_if<bool>(&loose.expected)) return std::get<bool>(strict.expected) == *flag;
  if (const auto* number = std::get_if<std::int64_t>(&loose.expected)) {
    return std::get<std::int64_t>(strict.expected) == *number;
  }
  return implies_value(strict, loose);
}

const Fixture* shadow_of(const Matcher& matcher, std::size_t rank) {
  const Fixture& below = *matcher.ranked()[rank];
  for (std::size_t i = 0; i < rank; ++i) {
    const Fixture& above = *matcher.ranked()[i];
    if (above.can_run_out() || !above.when.states.empty()) continue;
    if (covers(above, below) && can_say_wherever(above, below)) return &above;
  }
  return nullptr;
}

std::optional<std::string> contradiction_in(const When& when) {
  for (const Condition& a : when.conditions) {
    for (const Condition& b : when.conditions) {
      if (&a == &b || !excludes(a, b)) continue;
      return "never matches: " + subject_of(a) + " " + expectation_of(a) + " and " + subject_of(b) + " " +
             expectation_of(b) + " cannot hold together";
    }
  }
  return std::nullopt;
}

}  // namespace mimus::server
