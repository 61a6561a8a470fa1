#include "cli/config_file.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "api/object_reader.h"
#include "cli/command.h"

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

struct Place {
  const CLI::App* command = nullptr;
  const CLI::Option* option = nullptr;  // null for what is no option: an unknown name, the head of a section
};

Place place_of(const CLI::App& app, const CLI::ConfigItem& item) {
  if (item.parents.size() != 1) return {};
  for (const CLI::App* command : app.get_subcommands({})) {
    if (command->get_name() == item.parents.front()) return {command, command->get_option_no_throw("--" + item.name)};
  }
  return {};
}

bool is_in_environment(const CLI::Option& option) {
  const char* const value = option.get_envname().empty() ? nullptr : std::getenv(option.get_envname().c_str());
  return value != nullptr && *value != '\0';
}

bool is_on_command_line(const Place& place) {
  const std::vector<CLI::Option*>& given = place.command->parse_order();
  return std::find(given.begin(), given.end(), place.option) != given.end();
}

// As a whole: "--state-max" is not named in "--state-max-bytes".
bool is_named(const std::string& flag, std::string_view text) {
  for (std::size_t at = text.find(flag); at != std::string_view::npos; at = text.find(flag, at + 1)) {
    const std::size_t end = at + flag.size();
    if (end == text.size() || (text[end] != '-' && std::isalnum(static_cast<unsigned char>(text[end])) == 0))
      return true;
  }
  return false;
}

std::string config_name(const CLI::App& app) {
  return "--config " + app.get_config_ptr()->as<std::string>();
}

}  // namespace

std::vector<CLI::ConfigItem> ConfigFile::from_config(std::istream& input) const {
  std::vector<CLI::ConfigItem> kept = CLI::ConfigTOML::from_config(input);
  std::erase_if(kept, [this](const CLI::ConfigItem& item) {
    const Place place = place_of(app_, item);
    return place.option != nullptr && is_in_environment(*place.option);
  });
  return kept;
}

std::string config_source(const CLI::App& app, const std::string& flags) {
  const std::string file = app.get_config_ptr()->as<std::string>();
  if (file.empty() || CLI::ExistingFile(file) != "") return "";
  for (const CLI::ConfigItem& item : app.get_config_formatter()->from_file(file)) {
    const Place place = place_of(app, item);
    if (place.option == nullptr || is_on_command_line(place)) continue;
    if (is_named("--" + item.name, flags)) return config_name(app);
  }
  return "";
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
  std::cerr << "mimus: " << config_name(app) << ": " << message << "\n";
  return kExitUsage;
}

}  // namespace mimus::cli
