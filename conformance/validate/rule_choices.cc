// Rules about the choices of a chat stream: their numbers, the role, the finish reason, what comes after it.
// Sources: OpenAI API reference, chat streaming; openai-node and openai-python stream helpers.
#include <algorithm>
#include <array>

#include "api/object_reader.h"
#include "conformance/validate/choice_steps.h"
#include "conformance/validate/rules.h"

namespace mimus::conformance {
namespace {

using Steps = std::vector<ChoiceStep>;

Place at_step(const Transcript& transcript, const ChoiceStep& step, const std::string& below) {
  return in_event(transcript, step.event, step.pointer + below);
}

// The first delta that carries anything must say the role: a delta before it that is empty does no harm.
Finding judge_role_first(const Transcript& transcript, const Steps& steps) {
  for (const ChoiceStep& step : steps) {
    const Json role = step.delta().find("role");
    if (role.has_value()) {
      return role.string_or("") == "assistant"
                 ? holds()
                 : broken(at_step(transcript, step, "/delta/role"), "\"assistant\"", describe(role));
    }
    if (step.has_content() || step.finish().has_value()) {
      return broken(at_step(transcript, step, "/delta/role"), "\"assistant\" in the first delta of the choice",
                    "no role");
    }
  }
  return holds();
}

Finding judge_role_once(const Transcript& transcript, const Steps& steps) {
  bool seen = false;
  for (const ChoiceStep& step : steps) {
    const Json role = step.delta().find("role");
    if (!role.has_value()) continue;
    if (seen) return broken(at_step(transcript, step, "/delta/role"), "no role after the first delta", describe(role));
    seen = true;
  }
  return holds();
}

Finding judge_finish_once(const Transcript& transcript, const Steps& steps) {
  std::size_t count = 0;
  for (const ChoiceStep& step : steps) {
    const Json finish = step.finish();
    if (!finish.has_value() || finish.string_or("x").empty()) continue;
    if (++count == 2) {
      return broken(at_step(transcript, step, "/finish_reason"), "one finish reason for the choice",
                    "a second, " + describe(finish));
    }
  }
  if (count == 1) return holds();
  return broken(at_step(transcript, steps.back(), "/finish_reason"), "a finish reason for the choice", "none");
}

// Clients take any string for the end, the empty one too.
Finding judge_finish_null_before(const Transcript& transcript, const Steps& steps) {
  for (const ChoiceStep& step : steps) {
    const Json finish = step.finish();
    if (finish && !finish.is_null() && (!finish.is_string() || finish.as_string().empty())) {
      return broken(at_step(transcript, step, "/finish_reason"), "null before the end", describe(finish));
    }
  }
  return holds();
}

Finding judge_finish_then_nothing(const Transcript& transcript, const Steps& steps) {
  bool finished = false;
  for (const ChoiceStep& step : steps) {
    if (finished && step.has_content()) {
      return broken(at_step(transcript, step, "/delta"), "no content after the finish reason",
                    quoted(to_text(step.delta())));
    }
    finished = finished || !step.finish().string_or("").empty();
  }
  return holds();
}

Finding judge_finish_empty_delta(const Transcript& transcript, const Steps& steps) {
  for (const ChoiceStep& step : steps) {
    if (step.finish().string_or("").empty() || !step.has_content()) continue;
    return broken(at_step(transcript, step, "/delta"), "an empty delta beside the finish reason",
                  quoted(to_text(step.delta())));
  }
  return holds();
}

struct Want {
  std::string_view name;
  Finding (*judge)(const Transcript&, const Steps&);
};
constexpr std::array<Want, 6> kWants = {{{"role-first", &judge_role_first},
                                         {"role-once", &judge_role_once},
                                         {"finish-once", &judge_finish_once},
                                         {"finish-null-before", &judge_finish_null_before},
                                         {"finish-then-nothing", &judge_finish_then_nothing},
                                         {"finish-empty-delta", &judge_finish_empty_delta}}};

// Choices are numbered from 0 to n - 1, whatever the number of the chunk.
Finding judge_index(const Transcript& transcript, const ChoiceSteps& choices) {
  const std::int64_t n = transcript.sent().find("n").int_or(1);
  for (const auto& [index, steps] : choices) {
    if (index >= 0 && index < n) continue;
    return broken(at_step(transcript, steps.front(), "/index"), "0 to " + std::to_string(n - 1),
                  describe(steps.front().choice.find("index")));
  }
  return holds();
}

Finding judge_all_there(const Transcript& transcript, const ChoiceSteps& choices) {
  const std::int64_t n = transcript.sent().find("n").int_or(1);
  for (std::int64_t index = 0; index < n; ++index) {
    if (choices.count(index) > 0) continue;
    return broken(in_reply(transcript), std::to_string(n) + " choices", "none with index " + std::to_string(index));
  }
  return holds();
}

}  // namespace

// want: "index", "all-there" (as many choices as n), or one of the names above, which must hold for each choice.
Finding judge_choices(const Transcript& transcript, Json args, const Scene&) {
  const std::string_view name = args.find("want").string_or("");
  const ChoiceSteps choices = choice_steps(transcript);
  if (choices.empty()) return undecided("no chunk has a choice");
  if (name == "index") return judge_index(transcript, choices);
  if (name == "all-there") return judge_all_there(transcript, choices);
  for (const Want& want : kWants) {
    if (want.name != name) continue;
    for (const auto& [index, steps] : choices) {
      Finding finding = want.judge(transcript, steps);
      if (finding.kind != Finding::Kind::Holds) return finding;
    }
    return holds();
  }
  return {Finding::Kind::Failed, "", "", "no such want", {}, Verdict::Fail};
}

}  // namespace mimus::conformance
