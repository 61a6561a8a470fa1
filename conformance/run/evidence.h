// A run as a folder, to be looked at, sent to someone, or judged again without the network:
//   run.json             facts, notes, what it cost
//   PROBE.json           the request's head, the ending, the times
//   PROBE.request        the request body, if any
//   PROBE.reply          the reply as it came, head and all
//   PROBE.upstream       what the target asked of its upstream, with --loopback, as JSON
//   PROBE.lead           the reply to the request before it on the same connection, if any
// Keys are already redacted in recordings. The only code of the engine that touches the disk.
#pragma once

#include <filesystem>

#include "api/result.h"
#include "conformance/run/runner.h"

namespace mimus::conformance {

// To be called before a run, so that no request is sent in vain: makes the folder; an Error if it cannot, or if the
// folder holds anything.
Result<Done> make_evidence_folder(const std::filesystem::path& folder);

// Into a folder that is there.
Result<Done> save_evidence(const Run& run, const std::filesystem::path& folder);

// Errors name the file. Probes that the folder does not have are not in the run.
Result<Run> load_evidence(const std::filesystem::path& folder, const Catalogue& catalogue);

}  // namespace mimus::conformance
