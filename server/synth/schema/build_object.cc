#include <algorithm>

#include "api/json_writer.h"
#include "server/synth/digest.h"
#include "server/synth/prose.h"
#include "server/synth/schema/format.h"
#include "server/synth/schema/instance_builder.h"

namespace mimus::server {

struct InstanceBuilder::Member {
  std::string key;
  bool required = false;
  bool chosen = false;
};

namespace {

constexpr int kOptionalLevels = 4;  // below it, optional members stay out
constexpr int kExtraLevels = 2;     // down to it, a map without properties gets entries
constexpr std::size_t kUsualExtras = 2;
constexpr int kRounds = 8;  // of dependencies that bring in others
constexpr std::uint32_t kKeyTries = 40;

bool is_false(Json schema) {
  return schema.is_bool() && !schema.as_bool();
}

template <class Plan>
auto find_key(Plan& plan, std::string_view key) {
  return std::find_if(plan.begin(), plan.end(), [&](const auto& member) { return member.key == key; });
}

std::size_t as_count(std::optional<double> value, std::size_t fallback) {
  return value ? static_cast<std::size_t>(std::clamp(*value, 0.0, 1e6)) : fallback;
}

template <class Plan>
std::size_t chosen_count(const Plan& plan) {
  return static_cast<std::size_t>(std::count_if(plan.begin(), plan.end(), [](const auto& m) { return m.chosen; }));
}

// A map: an object that names no members, but says what any member is.
bool is_map(const SchemaParts& open) {
  const auto rules = all_of(open, "additionalProperties");
  const bool any = has(open, "patternProperties") ||
                   std::any_of(rules.begin(), rules.end(), [](Json rule) { return rule.is_object(); });
  return any && !has(open, "properties");
}

}  // namespace

// What all parts together demand of the member `key`.
SchemaParts InstanceBuilder::parts_of_member(const SchemaParts& open, std::string_view key) {
  SchemaParts parts;
  for (const Json part : open) {
    const Json declared = part.find("properties").find(key);
    bool known = static_cast<bool>(declared);
    if (known) parts.push_back(declared);
    for (const auto& [pattern, rule] : part.find("patternProperties").members()) {
      if (!check_.matches(pattern, key)) continue;
      known = true;
      parts.push_back(rule);
    }
    if (!known && part.find("additionalProperties")) parts.push_back(part.find("additionalProperties"));
  }
  return parts;
}

bool InstanceBuilder::accepts_key(const SchemaParts& open, std::string_view key) {
  const SchemaParts parts = parts_of_member(open, key);
  if (std::any_of(parts.begin(), parts.end(), is_false)) return false;
  const auto names = all_of(open, "propertyNames");
  return std::all_of(names.begin(), names.end(), [&](Json rule) { return check_.accepts_key(rule, key); });
}

// Which optional members are in: as many as are welcome, then on further turns none, then some.
void InstanceBuilder::choose_optional(const SchemaParts& open, Slot slot, std::uint32_t turn,
                                      std::vector<Member>& plan) {
  const std::uint32_t mode = slot.depth >= kOptionalLevels ? 1 : (turn + attempt_) % 3;
  for (Member& member : plan) {
    if (member.chosen || mode == 1 || !accepts_key(open, member.key)) continue;
    member.chosen = mode == 0 || Digest(derive(digest_, turn)).add(member.key).value() % 2 == 0;
  }
  const std::size_t least = as_count(largest(open, "minProperties"), 0);
  const std::size_t most = as_count(smallest(open, "maxProperties"), plan.size());
  std::size_t count = chosen_count(plan);
  for (Member& member : plan) {
    if (count >= least || member.chosen || !accepts_key(open, member.key)) continue;
    member.chosen = true;
    ++count;
  }
  for (auto member = plan.rbegin(); member != plan.rend() && count > most; ++member) {
    if (!member->chosen || member->required) continue;
    member->chosen = false;
    --count;
  }
}

// Which members there are, in the order in which the schema names them. What chosen members depend on comes in as well;
// a schema that depends on one is added to `open`.
bool InstanceBuilder::plan_members(SchemaParts& open, Slot slot, std::uint32_t turn, std::vector<Member>& plan) {
  const auto need = [&](std::string_view key) {
    auto found = find_key(plan, key);
    if (found == plan.end()) found = plan.insert(plan.end(), {std::string(key)});
    const bool is_new = !found->required;
    found->required = found->chosen = true;
    return is_new;
  };
  std::size_t read = 0;  // parts of `open` whose members are in the plan
  std::vector<std::string_view> applied;
  for (int round = 0; round < kRounds; ++round) {
    for (; read < open.size(); ++read) {
      for (const auto& [key, rule] : open[read].find("properties").members()) {
        if (find_key(plan, key) == plan.end()) plan.push_back({std::string(key)});
      }
      for (const Json name : open[read].find("required").elements()) need(name.string_or(""));
    }
    if (round == 0) choose_optional(open, slot, turn, plan);
    bool changed = false;
    SchemaParts brought;
    for (const Json part : open) {
      for (const std::string_view keyword : {"dependentRequired", "dependentSchemas", "dependencies"}) {
        for (const auto& [key, rule] : part.find(keyword).members()) {
          const auto member = find_key(plan, key);
          if (member == plan.end() || !member->chosen) continue;
          for (const Json name : rule.elements()) changed |= need(name.string_or(""));
          if (rule.is_array() || std::find(applied.begin(), applied.end(), key) != applied.end()) continue;
          applied.push_back(key);
          brought.push_back(rule);
        }
      }
    }
    if (!brought.empty()) {
      Choices choices(turn);
      Result<SchemaParts> more = expand(root_, brought, choices, false);
      if (!more) return fail(more.error().message);
      open.insert(open.end(), more->begin(), more->end());
    } else if (!changed) {
      return true;
    }
  }
  return true;
}

// A name for a member that the schema does not name: by its patterns, its rule for names, or a word.
std::string InstanceBuilder::extra_key(const SchemaParts& open, std::uint32_t number) {
  for (const Json part : open) {
    const Json patterns = part.find("patternProperties");
    if (patterns.size() == 0 || number % 2 == 1) continue;
    const Result<Pattern>& pattern = patterns_[patterns.member(number / 2 % patterns.size()).key];
    if (!pattern) continue;
    const std::string more = number % 4 == 2 ? slug(noun(rng_.next())) : "";  // "^x-" needs more behind it
    return pattern->write(rng_) + more;
  }
  if (const auto names = all_of(open, "propertyNames"); !names.empty()) {
    SchemaParts rules = names;
    std::string text;
    Choices choices(0);
    const auto expanded = expand(root_, rules, choices, false);
    if (!expanded) return {};
    const bool built =
        has(*expanded, "enum") || has(*expanded, "const") ? build(rules, {}, text) : build_string(*expanded, {}, text);
    const auto document = parse_json(text);
    return built && document ? std::string(document->root().string_or("")) : std::string();
  }
  if (number < topics_.size()) return slug(topics_[number]);
  std::string key(noun(rng_.next()));
  return number < kKeyTries / 2 ? key : key + std::to_string(number);
}

// Members that no schema names, where there have to be more or where the object is a map.
bool InstanceBuilder::add_extras(const SchemaParts& open, Slot slot, std::vector<Member>& plan) {
  const std::size_t least = as_count(largest(open, "minProperties"), 0);
  const std::size_t most = as_count(smallest(open, "maxProperties"), kMostElements);
  if (least > kMostElements) return fail("minProperties above " + std::to_string(kMostElements) + " is not supported");
  const std::size_t usual = is_map(open) && slot.depth <= kExtraLevels ? kUsualExtras : 0;
  const std::size_t wanted = std::min(most, std::max(least, usual));
  std::size_t count = chosen_count(plan);
  const bool closed = has(open, "unevaluatedProperties");
  for (std::uint32_t i = 0; count < wanted && i < kKeyTries + 2 * wanted; ++i) {
    std::string key = extra_key(open, i);
    if (find_key(plan, key) != plan.end() || !accepts_key(open, key)) continue;
    if (closed && parts_of_member(open, key).empty()) continue;
    plan.push_back({std::move(key), count < least, true});
    ++count;
  }
  return count >= least || fail("minProperties asks for " + std::to_string(least) + " members, the schema allows " +
                                std::to_string(count));
}

bool InstanceBuilder::build_object(const SchemaParts& given, Slot slot, std::uint32_t turn, std::string& out) {
  SchemaParts open = given;
  std::vector<Member> plan;
  if (!plan_members(open, slot, turn, plan) || !add_extras(open, slot, plan)) return false;
  if (chosen_count(plan) > as_count(smallest(open, "maxProperties"), kMostElements * 2)) {
    return fail("more members are required than maxProperties allows");
  }
  const std::size_t start = out.size();
  const std::size_t place = place_.size();
  out.push_back('{');
  for (const Member& member : plan) {
    if (!member.chosen) continue;
    const std::size_t before = out.size();
    if (before != start + 1) out.push_back(',');
    out.push_back('"');
    append_escaped(member.key, out);
    out.append("\":");
    place_ += "/" + pointer_step(member.key);
    const bool built = build(parts_of_member(open, member.key), {member.key, slot.depth + 1, slot.stray}, out);
    place_.resize(place);
    if (built) continue;
    if (member.required) return out.resize(start), false;
    out.resize(before);
  }
  out.push_back('}');
  return true;
}

}  // namespace mimus::server
