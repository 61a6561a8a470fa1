// The program: parses the command line and runs one subcommand. A subcommand is one file and one line here.
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>
#include <memory>

#include "cli/check.h"
#include "cli/command.h"
#include "cli/config_file.h"
#include "cli/convert.h"
#include "cli/deviations.h"
#include "cli/dialects.h"
#include "cli/explain.h"
#include "cli/fixtures_schema.h"
#include "cli/lint.h"
#include "cli/report_schema.h"
#include "cli/serve.h"
#include "cli/version.h"

int main(int argc, char** argv) {
  CLI::App app("A mock server and conformance tester for OpenAI-compatible APIs.", "mimus");
  app.set_version_flag("--version", mimus::cli::version_text());
  // CLI11 does not read the twin of this one by itself.
  const char* const config = std::getenv("MIMUS_CONFIG");
  const bool is_named = config != nullptr && *config != '\0';
  app.set_config("--config", is_named ? config : "",
                 "Read options from a TOML file (Env:MIMUS_CONFIG); a command's options stand in its section, [serve]",
                 is_named);
  app.config_formatter(std::make_shared<mimus::cli::ConfigFile>(app));
  app.allow_config_extras(CLI::config_extras_mode::error);
  app.require_subcommand(0, 1);  // that none was given is told below: CLI11 would tell it of an unknown one, too
  app.footer("Examples:\n  mimus serve --port 8080\n  mimus serve --help");

  int exit_code = 0;
  mimus::cli::add_serve_command(app, exit_code);
  mimus::cli::add_check_command(app, exit_code);
  mimus::cli::add_explain_command(app, exit_code);
  mimus::cli::add_lint_command(app, exit_code);
  mimus::cli::add_fixtures_schema_command(app, exit_code);
  mimus::cli::add_convert_command(app, exit_code);
  mimus::cli::add_dialects_command(app, exit_code);
  mimus::cli::add_deviations_command(app, exit_code);
  mimus::cli::add_report_schema_command(app, exit_code);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ConfigError& error) {
    return mimus::cli::report_config_error(app, error);
  } catch (const CLI::ParseError& error) {
    const bool is_answer = error.get_exit_code() == 0;  // --help and --version arrive this way
    const std::string source = is_answer ? "" : mimus::cli::config_source(app, error.what());
    if (!source.empty()) std::cerr << "mimus: " << source << ": ";
    app.exit(error);
    return is_answer ? 0 : mimus::cli::kExitUsage;
  }
  if (app.get_subcommands().empty()) {
    std::cerr << app.help();
    return mimus::cli::kExitUsage;
  }
  return exit_code;
}
