#include "cli/convert.h"

#include <fstream>
#include <iostream>
#include <memory>

#include "api/read_file.h"
#include "cli/command.h"
#include "server/match/convert/convert.h"

namespace mimus::cli {
namespace {

struct ConvertOptions {
  std::string file;
  std::string format;
  std::string output;
  bool is_strict = false;
};

// Theirs are told apart by their syntax when no format is given: JSON is aimock's, YAML mock-llm's.
bool is_yaml(const ConvertOptions& options) {
  if (!options.format.empty()) return options.format == "mock-llm";
  return options.file.ends_with(".yaml") || options.file.ends_with(".yml");
}

std::string counted(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

int run_convert(const ConvertOptions& options) {
  constexpr std::size_t kLargest = 256 * 1024 * 1024;
  const auto text = read_file(options.file, kLargest);
  if (!text) return report_error(text.error());
  const auto converted =
      is_yaml(options) ? server::convert_mock_llm(*text, options.file) : server::convert_aimock(*text, options.file);
  if (!converted) return report_error(converted.error());
  for (const std::string& note : converted->notes) std::cerr << options.file << ": " << note << "\n";
  std::cerr << counted(converted->fixtures, "fixture") << " converted, " << counted(converted->notes.size(), "note")
            << "\n";
  if (options.output.empty()) {
    std::cout << converted->json;
  } else if (!(std::ofstream(options.output, std::ios::binary) << converted->json).flush()) {
    return report_error({Errc::Io, "cannot be written", options.output});
  }
  return options.is_strict && !converted->notes.empty() ? 1 : 0;
}

}  // namespace

void add_convert_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("convert", "Convert fixtures of aimock (JSON) or mock-llm (YAML)");
  command->footer(
      "Exit codes: 0 it was converted, 1 something was left out (--strict), 2 wrong usage, 3 it could not be "
      "done.\n\nExamples:\n  mimus convert aimock.json --output replies.json");
  const auto options = std::make_shared<ConvertOptions>();
  command->add_option("FILE", options->file, "The file to convert")->required();
  command->add_option("--from", options->format, "aimock or mock-llm (default: by the ending of FILE)")
      ->check(CLI::IsMember({"aimock", "mock-llm"}));
  command->add_option("--output,-o", options->output, "Where to write (default: stdout)");
  command->add_flag("--strict", options->is_strict, "Exit with 1 when something could not be carried over");
  command->callback([options, &exit_code] { exit_code = run_convert(*options); });
}

}  // namespace mimus::cli
