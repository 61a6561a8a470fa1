#include "cli/report_schema.h"

#include <iostream>

#include "api/embedded.h"

namespace mimus::cli {

void add_report_schema_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("report-schema", "Print the JSON Schema of the JSON report of mimus check");
  command->footer("Examples:\n  mimus report-schema > report.schema.json");
  command->callback([&exit_code] {
    std::cout << find_embedded("schemas/report.schema.json").value_or("");
    exit_code = 0;
  });
}

}  // namespace mimus::cli
