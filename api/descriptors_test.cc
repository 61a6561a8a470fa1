#include "api/descriptors.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace mimus {
namespace {

constexpr rlim_t kConnections = 3000;

// How many descriptors the table of this process has room for.
rlim_t table_size() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word == "FDSize:") break;
  }
  rlim_t size = 0;
  status >> size;
  return size;
}

// In a child, whose table and limit are its own: 0 when `check` holds there behind reserve_descriptors().
int in_child(bool (*check)(rlim_t hard_limit)) {
  const pid_t child = ::fork();
  if (child == 0) {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 64);
    ::setrlimit(RLIMIT_NOFILE, &limit);
    const bool tells_limit = reserve_descriptors(kConnections) == limit.rlim_max;
    ::_exit(tells_limit && check(limit.rlim_max) ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  return status;
}

TEST(Descriptors, RaiseTheLimitAsFarAsItGoes) {
  EXPECT_EQ(in_child([](rlim_t hard_limit) {
              rlimit now{};
              return ::getrlimit(RLIMIT_NOFILE, &now) == 0 && now.rlim_cur == hard_limit;
            }),
            0);
}

TEST(Descriptors, MakeTheTableLargeEnoughBeforeTheFirstConnection) {
  EXPECT_EQ(in_child([](rlim_t hard_limit) { return table_size() >= std::min(hard_limit, kConnections); }), 0);
}

}  // namespace
}  // namespace mimus
