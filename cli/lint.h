// `mimus lint PATH...`: finds what is wrong with fixtures.
#pragma once

namespace CLI {
class App;
}

namespace mimus::cli {

// Adds the command to `app`, which runs it; then `exit_code` is 0 without a finding, 1 with one, kExitCannot when a
// path cannot be read. `exit_code` must outlive the parsing.
void add_lint_command(CLI::App& app, int& exit_code);

}  // namespace mimus::cli
