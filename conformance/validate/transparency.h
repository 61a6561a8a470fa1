// Which of its faults a gateway has of its own: the same probes, at the gateway and straight at its upstream, judged by
// the same checks and compared. Pure, like the rules: recorded transcripts give the same.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conformance/validate/judge.h"

namespace mimus::conformance {

std::string_view name_of(Blame blame);  // "gateway"
std::string_view text_of(Blame blame);  // for people: "the gateway's own: the upstream does it right"

// A check that tells the two apart, or that both break.
struct CheckDifference {
  const Check* check = nullptr;
  Blame blame = Blame::Unknown;
  Outcome gateway;
  Outcome upstream;
};

// Something on the wire that is not the same: a status, a header, a member of a body. Values are not compared, for
// models seldom say the same twice.
struct WireDifference {
  std::string what;                 // "the gateway drops /usage/prompt_tokens_details"
  std::vector<std::string> probes;  // where, in the order of their ids
};

struct Transparency {
  std::string upstream_url;
  std::string nothing_measured;  // at the upstream: why; then the rest is empty
  int requests = 0;              // to the upstream
  int tokens = 0;                // estimated
  std::vector<CheckDifference> checks;
  std::vector<WireDifference> wire;

  [[nodiscard]] int count(Blame blame) const;
};

// Both outcomes are of the same checks in the same order. Sets the blame of each broken one of `gateway`.
std::vector<CheckDifference> compare_outcomes(std::vector<Outcome>& gateway, const std::vector<Outcome>& upstream);

// What differs in the replies to probes that both answered.
std::vector<WireDifference> compare_wire(const Transcripts& gateway, const Transcripts& upstream);

}  // namespace mimus::conformance
