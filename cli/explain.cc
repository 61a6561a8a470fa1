#include "cli/explain.h"

#include <iostream>
#include <memory>

#include "conformance/catalogue/catalogue.h"
#include "conformance/catalogue/explain.h"

namespace mimus::cli {
namespace {

int explain(const std::string& id) {
  const auto catalogue = conformance::load_catalogue();
  if (!catalogue) {
    std::cerr << "mimus: " << catalogue.error().text() << "\n";
    return 3;
  }
  const auto checks = conformance::select_checks(*catalogue, {{id}, {}});
  if (!checks) {
    std::cerr << "mimus: " << checks.error().text() << "\n";
    return 2;
  }
  for (const conformance::Check* check : *checks) std::cout << conformance::explain_text(*catalogue, *check);
  return 0;
}

}  // namespace

void add_explain_command(CLI::App& app, int& exit_code) {
  auto id = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("explain", "Tell what a check demands, who says so, and who breaks otherwise");
  command->footer("Examples:\n  mimus explain chat.stream");
  command->add_option("check", *id, "A check's id, or the beginning of several")->required();
  command->callback([id, &exit_code] { exit_code = explain(*id); });
}

}  // namespace mimus::cli
