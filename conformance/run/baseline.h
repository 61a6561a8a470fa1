// Known failures: checks that a target is allowed to fail for now, each with a reason and an end. Pure but for loading.
//
//   { "mimus_baseline": 1, "known": [
//     { "check": "chat.stream.role-once", "reason": "upstream repeats it", "issue": "https://...", "owner": "ada",
//     "until": "2027-01-31" } ] }
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conformance/validate/judge.h"

namespace mimus::conformance {

struct BaselineEntry {
  std::string check;
  std::string reason;
  std::string issue;
  std::string owner;
  std::string until;  // "2027-01-31", the last day on which it holds; empty: without end
};

struct Baseline {
  std::vector<BaselineEntry> entries;
};

// Errors name place and finding; an id that is not in the catalogue is one.
Result<Baseline> read_baseline(std::string_view text, const std::string& file, const Catalogue& catalogue);

struct BaselineUse {
  std::vector<std::string> stale;    // the check passes now: the entry should go
  std::vector<std::string> expired;  // past its end: the finding counts again
};

// Marks the outcomes that entries cover. `today` is a date like "2026-11-21".
BaselineUse apply_baseline(const Baseline& baseline, std::string_view today, std::vector<Outcome>& outcomes);

// The date of a moment, in UTC: "2026-11-21".
std::string date_of(std::int64_t seconds_since_epoch);

}  // namespace mimus::conformance
