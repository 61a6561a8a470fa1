// `mimus check --report`: which reports are wished for, and where they go.
#pragma once

#include <string>
#include <vector>

#include "api/result.h"
#include "conformance/report/report.h"

namespace mimus::cli {

struct ReportWish {
  std::string format;
  std::string file;  // empty: the console
};

// Before anything is sent: a mistyped format must not cost a run. None wished: the console.
Result<std::vector<ReportWish>> read_wishes(const std::vector<std::string>& texts);

// False: one of them could not be written, which stderr tells.
bool write_reports(const conformance::Report& report, const std::vector<ReportWish>& wishes, bool verbose);

}  // namespace mimus::cli
