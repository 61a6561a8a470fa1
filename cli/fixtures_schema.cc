#include "cli/fixtures_schema.h"

#include <iostream>

#include "api/embedded.h"
#include "cli/command.h"

namespace mimus::cli {

void add_fixtures_schema_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("fixtures-schema", "Print the JSON Schema of fixtures, for editors");
  command->footer("Examples:\n  mimus fixtures-schema > fixtures.schema.json");
  command->callback([&exit_code] {
    std::cout << find_embedded("schemas/fixtures.schema.json").value_or("");
    exit_code = 0;
  });
}

}  // namespace mimus::cli
