#include "api/descriptors.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

namespace mimus {
namespace {

constexpr rlim_t kForTheRest = 256;  // event loops, files, connections that are being refused

}  // namespace

std::size_t reserve_descriptors(std::size_t connections) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  if (limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::getrlimit(RLIMIT_NOFILE, &limit);
  }
  // The table grows to hold the highest number that was ever asked for.
  const rlim_t wanted = std::min<rlim_t>(limit.rlim_cur, connections) + kForTheRest;
  const int copy = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, static_cast<int>(std::min(limit.rlim_cur, wanted) - 1));
  if (copy >= 0) ::close(copy);
  return limit.rlim_cur;
}

}  // namespace mimus
