#include "cli/dialects.h"

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <memory>

#include "api/json_writer.h"
#include "cli/command.h"
#include "server/served_dialect.h"

namespace mimus::cli {
namespace {

// Small values stay on one line, so that tables read as tables.
constexpr std::size_t kLongestLine = 100;

void print_pretty(Json json, const std::string& indent, std::string& out) {
  const std::string line = to_text(json);
  if ((!json.is_object() && !json.is_array()) || indent.size() + line.size() <= kLongestLine) {
    out += line;
    return;
  }
  const bool is_object = json.is_object();
  const std::string inner = indent + "  ";
  out += is_object ? "{" : "[";
  for (std::size_t i = 0; i < json.size(); ++i) {
    out += (i == 0 ? "\n" : ",\n") + inner;
    if (is_object) {
      out += '"';
      append_escaped(json.member(i).key, out);
      out += "\": ";
    }
    print_pretty(is_object ? json.member(i).value : json.at(i), inner, out);
  }
  out += "\n" + indent + (is_object ? "}" : "]");
}

std::string plan_names(const server::Dialect& dialect) {
  std::string names;
  for (const auto& [plan, rows] : dialect.limits.plans) names += (names.empty() ? "" : ", ") + plan;
  return names;
}

void print_row(const server::Dialect& dialect) {
  std::cout << std::left << std::setw(11) << dialect.name << dialect.title << ", " << dialect.endpoints.size()
            << " endpoints below " << (dialect.base_path.empty() ? "/" : dialect.base_path) << "\n";
  if (const std::string plans = plan_names(dialect); !plans.empty()) {
    std::cout << std::string(11, ' ') << "plans: " << plans << "\n";
  }
  for (const std::string& source : dialect.sources) std::cout << std::string(11, ' ') << "source: " << source << "\n";
}

int list() {
  for (const std::string& name : server::dialect_names()) {
    const auto dialect = server::load_served_dialect(name);
    if (!dialect) return report_error(dialect.error());
    print_row(*dialect);
  }
  return 0;
}

int show(const std::string& name, bool is_raw) {
  const auto dialect = server::load_served_dialect(name);  // whatever is printed is valid
  if (!dialect) return report_error(dialect.error());
  if (is_raw) {
    const auto text = server::load_dialect_text(name);
    if (!text) return report_error(text.error());
    std::cout << *text;
    return 0;
  }
  const auto json = server::load_dialect_json(name);
  if (!json) return report_error(json.error());
  std::string text;
  print_pretty(json->root(), "", text);
  std::cout << text << "\n";
  return 0;
}

}  // namespace

void add_dialects_command(CLI::App& app, int& exit_code) {
  struct ShowFlags {
    std::string name;
    bool is_raw = false;
  };
  auto flags = std::make_shared<ShowFlags>();
  CLI::App* command = app.add_subcommand("dialects", "List the vendors that mimus speaks like");
  command->require_subcommand(0, 1);
  command->footer("Examples:\n  mimus dialects\n  mimus dialects show platform --raw\n  mimus dialects show mine.json");
  CLI::App* shown = command->add_subcommand("show", "Print one as JSON, with what it extends laid under it");
  shown->add_option("dialect", flags->name, "Its name, or a .json file, which is checked as well")->required();
  shown->add_flag("--raw", flags->is_raw, "Print the file as it stands, with its comments");
  shown->footer("Examples:\n  mimus dialects show platform --raw\n  mimus dialects show mine.json");
  shown->callback([flags, &exit_code] { exit_code = show(flags->name, flags->is_raw); });
  command->callback([command, &exit_code] {
    if (command->get_subcommands().empty()) exit_code = list();
  });
}

}  // namespace mimus::cli
