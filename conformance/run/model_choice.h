// Which of the models that a target lists are asked: the list says nothing of what a model can do, its name must tell.
// Pure.
#pragma once

#include <string>
#include <vector>

#include "api/json.h"

namespace mimus::conformance {

// The first model of `list` that makes text; empty: there is none. The list is OpenAI's or Gemini's.
std::string choose_model(Json list);

// The first listed model whose name holds one of `parts`, earlier parts first.
std::string find_model(Json list, const std::vector<std::string>& parts);

}  // namespace mimus::conformance
