// What the target of `mimus check` said and, with --upstream, what that says to the same: asked for, or read again from
// evidence.
#pragma once

#include <filesystem>
#include <optional>

#include "cli/check_options.h"
#include "conformance/run/runner.h"

namespace mimus::cli {

struct Answers {
  conformance::Run target;
  std::optional<conformance::Run> upstream;
  int interrupted_by = 0;  // the signal
};

// Sends the plan to the target and then, where there is one, to the upstream. `loopback`: the upstream that mimus is
// itself; may be null. A signal ends it early, with what came until then.
Answers ask(const CheckOptions& options, const conformance::Target& target, std::optional<conformance::Target> upstream,
            const conformance::Catalogue& catalogue, const conformance::Plan& plan, Loopback* loopback);

// Writes them to `folder`, which is new or empty; no folder, nothing to do.
Result<Done> save(const Answers& answers, const std::filesystem::path& folder);

// What save() wrote.
Result<Answers> replay(const std::filesystem::path& folder, const conformance::Catalogue& catalogue);

}  // namespace mimus::cli
