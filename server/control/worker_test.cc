#include "server/control/worker.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <vector>

namespace mimus::server {
namespace {

TEST(Worker, DoesJobsInTheirOrderAndAllBeforeItEnds) {
  std::vector<int> done;
  {
    Worker worker({}, std::chrono::milliseconds(1));
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(worker.post([&done, i] { done.push_back(i); }));
  }
  ASSERT_EQ(done.size(), 100U);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(done[static_cast<std::size_t>(i)], i);
}

TEST(Worker, TicksWhetherOrNotThereAreJobs) {
  std::promise<void> third;
  int ticks = 0;
  Worker worker(
      [&] {
        if (++ticks == 3) third.set_value();
      },
      std::chrono::milliseconds(1));
  EXPECT_EQ(third.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
  std::promise<void> job;
  worker.post([&job] { job.set_value(); });
  EXPECT_EQ(job.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

TEST(Worker, RefusesMoreThanItCanRemember) {
  std::promise<void> gate;
  auto opened = gate.get_future().share();
  Worker worker({}, std::chrono::milliseconds(1));
  int taken = 0;
  while (taken < 5000 && worker.post([opened] { opened.wait(); })) ++taken;
  EXPECT_LT(taken, 5000);
  EXPECT_GE(taken, 1000);
  gate.set_value();
}

}  // namespace
}  // namespace mimus::server
