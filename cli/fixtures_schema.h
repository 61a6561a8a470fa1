// `mimus fixtures-schema`: prints the JSON Schema of the fixture format, for editors.
#pragma once

namespace CLI {
class App;
}

namespace mimus::cli {

// Adds the command to `app`, which runs it and leaves `exit_code` 0.
void add_fixtures_schema_command(CLI::App& app, int& exit_code);

}  // namespace mimus::cli
