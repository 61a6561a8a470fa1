#include "server/match/sayable.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace mimus::server {
namespace {

enum class Says { Choices, Embeddings, Images, Nothing };

Says says_of(std::string_view operation) {
  if (operation == "embeddings") return Says::Embeddings;
  if (operation.starts_with("images.")) return Says::Images;
  const bool says_nothing = operation == "moderations" || operation == "audio.speech" || operation == "gemini.count";
  return says_nothing ? Says::Nothing : Says::Choices;
}

struct IsSayable {
  Says says;
  bool operator()(const ScriptedChoices&) const { return says == Says::Choices; }
  bool operator()(const ScriptedEmbeddings&) const { return says == Says::Embeddings; }
  bool operator()(const ScriptedImages&) const { return says == Says::Images; }
  template <class Anywhere>
  bool operator()(const Anywhere&) const {
    return true;
  }
};

bool can_say(Says says, const Fixture& fixture) {
  const IsSayable is_sayable{says};
  return std::all_of(fixture.replies.begin(), fixture.replies.end(),
                     [&](const ScriptedReply& reply) { return std::visit(is_sayable, reply.content); });
}

// The names that a condition on the endpoint gives, where it gives names.
std::vector<std::string> names_in(const Condition& condition) {
  if (const auto* several = std::get_if<OneOf>(&condition.expected)) return several->names;
  const auto* one = std::get_if<TextPattern>(&condition.expected);
  if (one == nullptr || one->kind() != TextPattern::Kind::Exact) return {};
  return {std::string(one->pattern())};
}

}  // namespace

bool can_say(std::string_view operation, const Fixture& fixture) {
  return can_say(says_of(operation), fixture);
}

bool can_say_wherever(const Fixture& other, const Fixture& some) {
  constexpr Says kAll[] = {Says::Choices, Says::Embeddings, Says::Images, Says::Nothing};
  return std::all_of(std::begin(kAll), std::end(kAll),
                     [&](Says says) { return !can_say(says, some) || can_say(says, other); });
}

std::string unsayable_endpoint(const Fixture& fixture) {
  for (const Condition& condition : fixture.when.conditions) {
    if (condition.field != Field::Endpoint) continue;
    const std::vector<std::string> names = names_in(condition);
    const bool is_sayable =
        std::any_of(names.begin(), names.end(), [&](const std::string& name) { return can_say(name, fixture); });
    if (!names.empty() && !is_sayable) return names.front();
  }
  return {};
}

bool is_verbatim(const Fixture& fixture) {
  const auto is_raw = [](const ScriptedReply& reply) { return std::holds_alternative<ScriptedRaw>(reply.content); };
  const auto names_endpoint = [](const Condition& condition) { return condition.field == Field::Endpoint; };
  const auto& conditions = fixture.when.conditions;
  return std::any_of(conditions.begin(), conditions.end(), names_endpoint) &&
         std::all_of(fixture.replies.begin(), fixture.replies.end(), is_raw);
}

bool says_choices(std::string_view operation) {
  return says_of(operation) == Says::Choices;
}

std::string_view sayable_at(std::string_view operation) {
  switch (says_of(operation)) {
    case Says::Embeddings:
      return "embeddings";
    case Says::Images:
      return "images";
    case Says::Nothing:
      return "nothing but errors and raw replies";
    case Says::Choices:
      break;
  }
  return "a text, tool calls or a refusal";
}

}  // namespace mimus::server
