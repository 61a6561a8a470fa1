// What became of a check against a target. No report merges two verdicts, and there is no single percentage.
#pragma once

#include <string_view>

namespace mimus::conformance {

enum class Level { Must, Should, May };

enum class Verdict {
  Pass,
  Fail,          // a violated must
  Warn,          // a violated should
  Info,          // a violated may, or a fact worth knowing
  Skip,          // not asked for, or the target does not have the feature; with a reason
  Inconclusive,  // the transcript does not allow a judgement; with a reason
  Error,         // the check itself could not run
};

std::string_view name_of(Level level);      // "must"
std::string_view name_of(Verdict verdict);  // "pass"

}  // namespace mimus::conformance
