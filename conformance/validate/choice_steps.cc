#include "conformance/validate/choice_steps.h"

namespace mimus::conformance {

bool ChoiceStep::has_content() const {
  const Json d = delta();
  return !d.find("content").string_or("").empty() || !d.find("refusal").string_or("").empty() ||
         d.find("tool_calls").size() > 0;
}

ChoiceSteps choice_steps(const Transcript& transcript) {
  ChoiceSteps steps;
  for (const Chunk& chunk : chunks_of(transcript)) {
    const Json choices = chunk.json.find("choices");
    for (std::size_t i = 0; choices.is_array() && i < choices.size(); ++i) {
      const Json choice = choices.at(i);
      steps[choice.find("index").int_or(-1)].push_back({chunk.event, "/choices/" + std::to_string(i), choice});
    }
  }
  return steps;
}

}  // namespace mimus::conformance
