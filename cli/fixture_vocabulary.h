// The names that fixtures and directives may use in this binary.
#pragma once

#include "server/match/vocabulary.h"

namespace mimus::cli {

// Situations and faults. Endpoints and checks are left open: a dialect file may bring its own.
server::Vocabulary fixture_vocabulary();

}  // namespace mimus::cli
