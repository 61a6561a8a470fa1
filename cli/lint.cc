#include "cli/lint.h"

#include <iostream>
#include <memory>

#include "cli/command.h"
#include "cli/fixture_vocabulary.h"
#include "server/match/lint.h"

namespace mimus::cli {
namespace {

int run_lint(const std::vector<std::string>& paths) {
  const auto files = server::find_fixture_files({paths.begin(), paths.end()});
  if (!files) return report_error(files.error());
  const server::Vocabulary vocabulary = fixture_vocabulary();
  const server::LintResult result = server::lint(*files, vocabulary);
  for (const server::Finding& finding : result.findings) {
    std::cout << (finding.where.empty() ? "" : finding.where + ": ") << finding.message << "\n";
  }
  if (result.left_out > 0) std::cout << "... and " << result.left_out << " more\n";
  const std::size_t found = result.findings.size() + result.left_out;
  std::cerr << files->size() << " files, " << result.fixtures << " fixtures, " << found << " findings\n";
  return found == 0 ? 0 : 1;
}

}  // namespace

void add_lint_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("lint",
                                         "Find mistakes in fixtures: unknown keys, bad patterns, fixtures that "
                                         "are never used");
  command->footer(
      "Exit codes: 0 nothing was found, 1 something was, 2 wrong usage, 3 a path cannot be read.\n\nExamples:\n  mimus "
      "lint replies/");
  const auto paths = std::make_shared<std::vector<std::string>>();
  command->add_option("PATH", *paths, "Fixture files, or folders of them")->required();
  command->callback([paths, &exit_code] { exit_code = run_lint(*paths); });
}

}  // namespace mimus::cli
