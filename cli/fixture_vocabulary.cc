#include "cli/fixture_vocabulary.h"

#include "conformance/selfcheck/deviation.h"
#include "server/dialect/situations.h"
#include "server/pace/fault.h"

namespace mimus::cli {

server::Vocabulary fixture_vocabulary() {
  server::Vocabulary vocabulary;
  for (const server::Situation& situation : server::all_situations()) {
    vocabulary.situations.emplace_back(situation.name);
  }
  vocabulary.deviations = conformance::deviation_names();
  vocabulary.fault_problem = [](std::string_view fault) -> std::optional<std::string> {
    const auto read = server::read_fault(fault);
    if (read) return std::nullopt;
    return read.error().message;
  };
  return vocabulary;
}

}  // namespace mimus::cli
