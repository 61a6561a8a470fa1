// The version of this binary. Source of the values: CMakeLists.txt and git, at configure time.
#pragma once

#include <string>

namespace mimus::cli {

// "mimus 0.1.0 (commit 0123456789ab)" and a line with the versions of the libraries it was built with; no newline at
// the end.
std::string version_text();

}  // namespace mimus::cli
