#include "cli/progress.h"

#include <unistd.h>

#include <iostream>

namespace mimus::cli {

Progress::Progress(const conformance::Catalogue& catalogue)
    : catalogue_(catalogue), on_terminal_(isatty(STDERR_FILENO) == 1) {}

void Progress::show(std::size_t done, std::size_t all, const conformance::Probe& next) {
  if (on_terminal_) {
    std::cerr << "\r\x1b[K" << done + 1 << "/" << all << "  " << next.id << std::flush;
  } else if (told_.insert(next.area).second) {
    const conformance::Area* area = catalogue_.find_area(next.area);
    std::cerr << "mimus: request " << done + 1 << " of " << all << ": " << (area ? area->title : next.area)
              << std::endl;
  }
}

void Progress::end() const {
  if (on_terminal_) std::cerr << "\r\x1b[K" << std::flush;
}

}  // namespace mimus::cli
