#include "server/match/miss.h"

#include <algorithm>

#include "api/json_writer.h"
#include "server/match/sayable.h"

namespace mimus::server {
namespace {

struct Distance {
  std::size_t unmet = 0;
  std::size_t met = 0;
  std::size_t rank = 0;
  bool operator<(const Distance& other) const {
    if (unmet != other.unmet) return unmet < other.unmet;
    return met != other.met ? met > other.met : rank < other.rank;
  }
};

Distance distance_of(const Fixture& fixture, const Question& question, std::size_t rank) {
  Distance distance{0, 0, rank};
  for (const Condition& condition : fixture.when.conditions)
    ++(holds(condition, question) ? distance.met : distance.unmet);
  if (!can_say(question.operation, fixture)) ++distance.unmet;
  return distance;
}

std::string uses_allowed(const Fixture& fixture) {
  std::uint64_t most = fixture.times.value_or(UINT64_MAX);
  if (fixture.then == Then::FallThrough) most = std::min<std::uint64_t>(most, fixture.replies.size());
  return "fewer than " + std::to_string(most);
}

NearMiss explain(const Fixture& fixture, const Question& question, const TestStates& states, std::string_view test,
                 bool show_prompts) {
  NearMiss miss{title_of(fixture), {}};
  for (const Condition& condition : fixture.when.conditions) {
    miss.conditions.push_back({subject_of(condition), expectation_of(condition),
                               finding_of(condition, question, show_prompts), holds(condition, question)});
  }
  if (!can_say(question.operation, fixture)) {
    miss.conditions.push_back({"reply", std::string(sayable_at(question.operation)), "something else", false});
  }
  const States now = states.states(test);
  for (const StateValue& wanted : fixture.when.states) {
    const auto found = now.find(wanted.name);
    const std::string value = found == now.end() ? "" : found->second;
    miss.conditions.push_back({"state " + wanted.name, '"' + wanted.value + '"',
                               found == now.end() ? "never set" : '"' + value + '"', value == wanted.value});
  }
  if (fixture.can_run_out()) {
    const std::uint64_t uses = states.uses(test, fixture);
    Fixture without_states = fixture;
    without_states.when.states.clear();
    miss.conditions.push_back({"uses in this test before", uses_allowed(fixture), std::to_string(uses),
                               is_available(without_states, uses, now)});
  }
  return miss;
}

std::string draft_of(const Question& question, bool show_prompts) {
  std::string draft;
  JsonWriter writer(draft);
  writer.object().key("when").object().member("endpoint", question.operation);
  if (!question.model.empty()) writer.member("model", question.model);
  if (question.last_user && show_prompts) writer.member("last_user", *question.last_user);
  if (question.turn) writer.member("turn", *question.turn);
  if (question.turn) writer.member("has_tool_result", !question.tool_results.empty());
  if (!question.tool_results.empty() && !question.tool_results.back().tool.empty()) {
    writer.member("tool_result_of", question.tool_results.back().tool);
  }
  writer.end_object().key("reply").object();
  const bool is_first_round = !question.offered_tools.empty() && question.tool_results.empty();
  if (is_first_round) {
    writer.key("tool_calls").array().object().member("name", question.offered_tools.front());
    writer.key("arguments").object().end_object().end_object().end_array();
  } else if (question.operation == "embeddings") {
    writer.key("embeddings").array().array().number(1).end_array().end_array();
  } else if (question.operation.starts_with("images.")) {
    writer.key("images").array().object().member("url", "...").end_object().end_array();
  } else if (question.operation != "moderations") {
    writer.member("text", "...");
  }
  writer.end_object().end_object();
  return draft;
}

}  // namespace

Miss explain_miss(const Matcher& matcher, const Question& question, const TestStates& states, std::string_view test,
                  bool show_prompts, std::size_t limit) {
  std::vector<Distance> distances;
  for (const FixturePtr& fixture : matcher.ranked()) {
    distances.push_back(distance_of(*fixture, question, distances.size()));
  }
  const std::size_t count = std::min(limit, distances.size());
  std::partial_sort(distances.begin(), distances.begin() + static_cast<std::ptrdiff_t>(count), distances.end());
  Miss miss{{}, distances.size(), draft_of(question, show_prompts)};
  for (std::size_t i = 0; i < count; ++i) {
    miss.nearest.push_back(explain(*matcher.ranked()[distances[i].rank], question, states, test, show_prompts));
  }
  return miss;
}

std::string text_of(const Miss& miss, const Question& question) {
  std::string text = "no fixture matches " + std::string(question.operation) + " (" + std::to_string(miss.fixtures) +
                     " loaded)" + (miss.nearest.empty() ? "" : "; the nearest:") + "\n";
  for (const NearMiss& near : miss.nearest) {
    text += "  " + near.fixture + "\n";
    for (const ConditionResult& condition : near.conditions) {
      text += (condition.is_met ? "    met      " : "    not met  ") + condition.subject + ": expected " +
              condition.expected + ", found " + condition.found + "\n";
    }
  }
  return text + "a fixture that would match, to be completed:\n  " + miss.draft + "\n";
}

std::string json_of(const Miss& miss) {
  std::string text;
  JsonWriter writer(text);
  writer.object().member("fixtures", static_cast<std::int64_t>(miss.fixtures)).key("nearest").array();
  for (const NearMiss& near : miss.nearest) {
    writer.object().member("fixture", near.fixture).key("conditions").array();
    for (const ConditionResult& condition : near.conditions) {
      writer.object().member("subject", condition.subject).member("expected", condition.expected);
      writer.member("found", condition.found).member("met", condition.is_met).end_object();
    }
    writer.end_array().end_object();
  }
  writer.end_array().key("draft").raw(miss.draft).end_object();
  return text;
}

}  // namespace mimus::server
