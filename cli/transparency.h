// `mimus check --upstream`: where the upstream of the gateway under test is, and how to knock there.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

#include "conformance/catalogue/catalogue.h"
#include "conformance/catalogue/expectations.h"
#include "conformance/report/report.h"
#include "conformance/run/runner.h"

namespace mimus::cli {

struct UpstreamOptions {
  std::string url;      // empty: no comparison
  std::string key_env;  // the environment variable with its key; empty: the gateway's
  std::string model;    // empty: as at the gateway
};

void add_upstream_options(CLI::App& command, UpstreamOptions& options);

// The upstream of `gateway`. Errors: the URL, or a variable that is not set.
Result<conformance::Target> make_upstream(const UpstreamOptions& options, const conformance::Target& gateway,
                                          const conformance::Expectations& expect);

// Compares the runs and puts what came of it into `report`, whose outcomes are those of the gateway's run.
void compare_with_upstream(const conformance::Catalogue& catalogue,
                           const std::vector<const conformance::Check*>& checks,
                           const conformance::Expectations& expect, bool expects_auth,
                           const conformance::Transcripts& gateway, const conformance::Run& upstream,
                           conformance::Report& report);

}  // namespace mimus::cli
