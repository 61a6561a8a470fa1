// From checks and transcripts to outcomes: gates, rules, levels, dependencies. Pure: the same transcripts give the same
// outcomes, whether they came over the wire a moment ago or from a folder of evidence.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/catalogue/catalogue.h"
#include "conformance/validate/rule.h"

namespace mimus::conformance {

struct Outcome {
  const Check* check = nullptr;  // of the catalogue
  Verdict verdict = Verdict::Pass;
  std::string expected;
  std::string found;
  std::string reason;
  Place place;
  std::string curl;            // repeats the request; the key is $API_KEY
  std::string bytes;           // what came, at the place: the event, or the beginning of the body
  bool known = false;          // a baseline entry covers it
  std::string known_because;   // its reason
  std::optional<Blame> blame;  // of what is broken, where an upstream was asked as well

  // Whether it counts for the exit code: a fail, or a warn under `strict`, that no baseline covers.
  [[nodiscard]] bool counts(bool strict) const {
    return !known && (verdict == Verdict::Fail || (strict && verdict == Verdict::Warn));
  }
};

// In the order of `checks`. A check that comes after a broken one in its `after` list is skipped, with that reason.
std::vector<Outcome> judge(const Catalogue& catalogue, const std::vector<const Check*>& checks, const Scene& scene);

}  // namespace mimus::conformance
