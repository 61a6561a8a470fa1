// `mimus deviations`: the known ways of being wrong that `mimus serve --deviate` commits.
#pragma once

#include <CLI/CLI.hpp>

namespace mimus::cli {

void add_deviations_command(CLI::App& app, int& exit_code);

}  // namespace mimus::cli
