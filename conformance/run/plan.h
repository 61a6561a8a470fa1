// Which probes a set of checks needs, each once, in an order in which those that quote others come after them. Pure.
#pragma once

#include <string>
#include <vector>

#include "conformance/catalogue/catalogue.h"

namespace mimus::conformance {

struct Plan {
  std::vector<const Probe*> probes;
  int tokens = 0;  // estimated sum

  [[nodiscard]] int requests() const;  // leads included
};

// `loopback`: mimus is the upstream; without it, the probes of checks that need that are not in the plan.
Plan make_plan(const Catalogue& catalogue, const std::vector<const Check*>& checks, bool loopback = false);

// What `mimus check --plan` prints: one line a probe with its cost, then the sum.
std::string plan_text(const Plan& plan, const std::string& base_url);

}  // namespace mimus::conformance
