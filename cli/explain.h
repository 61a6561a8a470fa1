// `mimus explain CHECK-ID`: what a check demands, who says so, and who breaks otherwise.
#pragma once

#include <CLI/CLI.hpp>

namespace mimus::cli {

void add_explain_command(CLI::App& app, int& exit_code);

}  // namespace mimus::cli
