#include "cli/command.h"

#include <algorithm>
#include <cctype>
#include <iostream>
#include <string_view>
#include <vector>

#include "api/object_reader.h"

namespace mimus::cli {
namespace {

std::vector<std::string> sections(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

// As a file names them: "serve.port".
std::vector<std::string> options(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) {
    for (const CLI::Option* option : command->get_options()) {
      for (const std::string& flag : option->get_lnames()) names.push_back(command->get_name() + "." + flag);
    }
  }
  return names;
}

}  // namespace

int report_error(const Error& error) {
  std::cerr << "mimus: " << error.text() << "\n";
  return kExitCannot;
}

int report_config_error(const CLI::App& app, const CLI::ConfigError& error) {
  constexpr std::string_view kUnknown = "INI was not able to parse ";  // what CLI11 2.3 says of an extra
  constexpr std::string_view kSection = ".++";                         // and its name for the head of a section
  std::string message = error.what();
  if (message.starts_with(kUnknown)) {
    std::string name = message.substr(kUnknown.size());
    const bool is_section = name.ends_with(kSection);
    if (is_section) name.resize(name.size() - kSection.size());
    const auto near = nearest_name(name, is_section ? sections(app) : options(app));
    message = std::string("there is no ") + (is_section ? "section" : "option") + " \"" + name + "\"" +
              (near ? ", did you mean \"" + *near + "\"?" : "");
  }
  std::cerr << "mimus: --config " << app.get_config_ptr()->as<std::string>() << ": " << message << "\n";
  return kExitUsage;
}

std::string environment_name(const std::string& flag) {
  std::string name = "MIMUS_" + flag.substr(flag.find_first_not_of('-'));
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    return c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  });
  return name;
}

void add_environment_twins(CLI::App& command) {
  for (CLI::Option* option : command.get_options()) {
    if (option->get_lnames().empty() || option->get_lnames().front() == "help") continue;
    option->envname(environment_name(option->get_lnames().front()));
  }
}

}  // namespace mimus::cli
