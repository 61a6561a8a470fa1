// The --config file: options of the commands, in a section each. The command line wins over the environment, and that
// over the file.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace mimus::cli {

// Reads such a file for `app`, without the options that the environment sets as well: CLI11 asks the environment last
// and would let the file win.
class ConfigFile final : public CLI::ConfigTOML {
 public:
  explicit ConfigFile(const CLI::App& app) : app_(app) {}
  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override;

 private:
  const CLI::App& app_;
};

// Where an error of `flags` ("--strict, --record") lies: "--config FILE" when it was the file that set one of them,
// else nothing. To be called when `app` has read its command line, or failed to.
std::string config_source(const CLI::App& app, const std::string& flags);

// Prints what does not fit the options of `app` in a file: the file, what is wrong, the nearest option. Gives the exit
// code for it.
int report_config_error(const CLI::App& app, const CLI::ConfigError& error);

}  // namespace mimus::cli
