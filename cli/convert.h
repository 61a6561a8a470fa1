// `mimus convert FILE`: writes other people's fixtures as mimus's own.
#pragma once

namespace CLI {
class App;
}

namespace mimus::cli {

// Adds the command to `app`, which runs it: fixtures to stdout or --output, notes about what was not carried over to
// stderr. `exit_code` is then 0, or 1 when something was left out and --strict is given, or kExitCannot when the file
// cannot be read or is neither. `exit_code` must outlive the parsing.
void add_convert_command(CLI::App& app, int& exit_code);

}  // namespace mimus::cli
