// `mimus dialects`: which vendors mimus speaks like, and what their files say.
#pragma once

#include <CLI/CLI.hpp>

namespace mimus::cli {

void add_dialects_command(CLI::App& app, int& exit_code);

}  // namespace mimus::cli
