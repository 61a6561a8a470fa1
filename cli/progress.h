// What `mimus check` says while it asks, on stderr: on a terminal one line that changes, else a line for each area.
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "conformance/catalogue/catalogue.h"

namespace mimus::cli {

class Progress {
 public:
  explicit Progress(const conformance::Catalogue& catalogue);
  // `done` of `all` probes are over and `next` is about to be sent.
  void show(std::size_t done, std::size_t all, const conformance::Probe& next);
  void end() const;  // clears the line

 private:
  const conformance::Catalogue& catalogue_;
  bool on_terminal_;
  std::set<std::string> told_;  // areas
};

}  // namespace mimus::cli
