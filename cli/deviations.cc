#include "cli/deviations.h"

#include <iostream>
#include <memory>

#include "cli/command.h"
#include "conformance/catalogue/catalogue.h"
#include "conformance/selfcheck/deviation.h"

namespace mimus::cli {
namespace {

void print_row(const conformance::Deviation& deviation, const conformance::Check* check) {
  std::cout << deviation.check << "\n    " << deviation.what << "\n";
  if (!deviation.not_served.empty()) std::cout << "    not served: " << deviation.not_served << "\n";
  if (check == nullptr) return;
  for (const std::string& who : check->breaks) std::cout << "    breaks " << who << "\n";
  std::string seen;
  for (const std::string& where : check->seen) seen += (seen.empty() ? "" : ", ") + where;
  if (!seen.empty()) std::cout << "    seen in " << seen << "\n";
}

int list(const std::string& prefix) {
  const auto deviations = conformance::load_deviations();
  if (!deviations) return report_error(deviations.error());
  const auto catalogue = conformance::load_catalogue();
  if (!catalogue) return report_error(catalogue.error());
  bool any = false;
  for (const conformance::Deviation& deviation : *deviations) {
    if (!prefix.empty() && !conformance::is_below(deviation.check, prefix)) continue;
    any = true;
    print_row(deviation, catalogue->find_check(deviation.check));
  }
  if (any) return 0;
  std::cerr << "mimus: " << prefix << ": no deviation has this id or begins with it\n";
  return kExitUsage;
}

}  // namespace

void add_deviations_command(CLI::App& app, int& exit_code) {
  auto prefix = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand(
      "deviations", "List the known ways of being wrong that serve --deviate commits, and where they were seen");
  command->footer("Examples:\n  mimus deviations chat.stream\n  mimus serve --deviate chat.stream.role-once");
  command->add_option("check", *prefix, "Only of this check, or of those that begin so");
  command->callback([prefix, &exit_code] { exit_code = list(*prefix); });
}

}  // namespace mimus::cli
