// `mimus serve`: the mock server as a command.
#pragma once

#include "cli/command.h"

namespace mimus::cli {

void add_serve_command(CLI::App& app, int& exit_code);

}  // namespace mimus::cli
