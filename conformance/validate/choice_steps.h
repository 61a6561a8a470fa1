// A chat stream taken apart by choice: what each chunk said about it, in order. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "conformance/validate/rule.h"

namespace mimus::conformance {

struct ChoiceStep {
  std::size_t event = 0;
  std::string pointer;  // of the choice: "/choices/0"
  Json choice;

  [[nodiscard]] Json delta() const { return choice.find("delta"); }
  [[nodiscard]] Json finish() const { return choice.find("finish_reason"); }
  // Whether the delta carries something to show: text, refusal, a tool call.
  [[nodiscard]] bool has_content() const;
};

using ChoiceSteps = std::map<std::int64_t, std::vector<ChoiceStep>>;  // by index; -1 for choices without one

ChoiceSteps choice_steps(const Transcript& transcript);

}  // namespace mimus::conformance
