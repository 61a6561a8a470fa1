// What became of a check against a target. No report merges two verdicts, and there is no single percentage.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
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

// Whose doing a difference between a gateway and its upstream is.
enum class Blame {
  Gateway,    // broken at the gateway, right at the upstream
  Inherited,  // broken at both
  Mended,     // right at the gateway, broken at the upstream
  Lost,       // not offered or refused by the gateway, not by the upstream
  Unknown,    // broken at the gateway, not to be judged at the upstream
};

// Where in the transcripts something was found.
struct Place {
  std::string probe;
  std::string at;                    // "/choices/0/finish_reason", "header content-type", "event 3 /id"
  std::optional<std::size_t> block;  // of a stream
};

// What a rule says about transcripts, before the level of the check turns it into a verdict.
struct Finding {
  enum class Kind {
    Holds,
    Broken,
    Note,           // holds, with a fact worth knowing: an Info
    NotApplicable,  // a Skip
    Undecided,      // an Inconclusive
    Failed,         // an Error
  };
  Kind kind = Kind::Holds;
  std::string expected;
  std::string found;
  std::string reason;  // why it is not applicable, undecided or only a note
  Place place;
  Verdict at_most = Verdict::Fail;  // a milder case of Broken: Warn or Info whatever the level
};

}  // namespace mimus::conformance
