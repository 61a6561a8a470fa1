// The catalogue in words. Pure.
#pragma once

#include <string>

#include "conformance/catalogue/catalogue.h"

namespace mimus::conformance {

// All that is known of one check, for `mimus explain`.
std::string explain_text(const Catalogue& catalogue, const Check& check);

// One line a check: id, level, class, requirement; for `mimus check --list`.
std::string list_text(const std::vector<const Check*>& checks);

}  // namespace mimus::conformance
