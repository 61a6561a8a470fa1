#include "cli/command.h"

#include <algorithm>
#include <cctype>
#include <iostream>

namespace mimus::cli {

int report_error(const Error& error) {
  std::cerr << "mimus: " << error.text() << "\n";
  return kExitCannot;
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
