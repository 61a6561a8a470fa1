// `mimus check`: tests whether an API behaves as documented.
#pragma once

#include <CLI/CLI.hpp>

namespace mimus::cli {

void add_check_command(CLI::App& app, int& exit_code);

}  // namespace mimus::cli
