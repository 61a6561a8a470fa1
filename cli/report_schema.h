// `mimus report-schema`: the JSON Schema of what `mimus check --report json=FILE` writes.
#pragma once

#include <CLI/CLI.hpp>

namespace mimus::cli {

void add_report_schema_command(CLI::App& app, int& exit_code);

}  // namespace mimus::cli
