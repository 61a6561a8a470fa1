#include "cli/report_wishes.h"

#include <unistd.h>

#include <fstream>
#include <iostream>

namespace mimus::cli {
namespace {

using namespace mimus::conformance;

bool write_report(const std::string& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) std::cerr << "mimus: " << file << ": cannot be written\n";
  return static_cast<bool>(out);
}

}  // namespace

Result<std::vector<ReportWish>> read_wishes(const std::vector<std::string>& texts) {
  std::vector<ReportWish> wishes;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    const ReportWish wish{text.substr(0, equals), equals == std::string::npos ? "" : text.substr(equals + 1)};
    const bool to_console = wish.format == "console" && wish.file.empty();
    if (!to_console && (find_report(wish.format) == nullptr || wish.file.empty())) {
      return Error{Errc::BadInput, "expected console, json=FILE, junit=FILE, html=FILE, markdown=FILE or sarif=FILE",
                   "--report " + text};
    }
    wishes.push_back(wish);
  }
  if (wishes.empty()) wishes.push_back({"console", ""});
  return wishes;
}

bool write_reports(const Report& report, const std::vector<ReportWish>& wishes, bool verbose) {
  bool all = true;
  for (const ReportWish& wish : wishes) {
    if (wish.format == "console") {
      std::cout << console_report(report, isatty(STDOUT_FILENO) == 1, verbose);
    } else {
      all = write_report(wish.file, find_report(wish.format)(report)) && all;
    }
  }
  return all;
}

}  // namespace mimus::cli
