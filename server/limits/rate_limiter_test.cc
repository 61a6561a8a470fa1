#include "server/limits/rate_limiter.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "server/limits/go_duration.h"

namespace mimus::server {
namespace {

using Verdict = Decision::Verdict;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr WallTime kNow{seconds(1'700'000'000)};
const MinuteLimits kTen{10, std::nullopt};

MinuteLimits tokens_per_minute(std::int64_t limit) {
  return {std::nullopt, limit};
}

int admitted_of(RateLimiter& limiter, int tries, const MinuteLimits& limits, WallTime now) {
  int admitted = 0;
  for (int i = 0; i < tries; ++i) admitted += limiter.admit("key", "chat", limits, {}, now).is_admitted() ? 1 : 0;
  return admitted;
}

// Messages of the real API: "Limit 30000, Used 18928, Requested 11159. Please try again in 174ms."
TEST(RateLimiter, TellsToTryAgainWhenTheRealApiDoes) {
  struct Row {
    std::int64_t limit, used, requested;
    const char* try_again;
  };
  const Row rows[] = {{30'000, 18'928, 11'159, "174ms"}, {10'000, 8'554, 3'082, "9.816s"}, {3, 3, 1, "20s"}};
  for (const Row& row : rows) {
    RateLimiter limiter(LimitTime::Refill);
    const MinuteLimits limits = tokens_per_minute(row.limit);
    ASSERT_TRUE(limiter.admit("key", "chat", limits, {1, row.used}, kNow).is_admitted());
    const Decision refused = limiter.admit("key", "chat", limits, {1, row.requested}, kNow);
    EXPECT_EQ(refused.verdict, Verdict::TooManyTokens);
    EXPECT_EQ(refused.tokens->used, row.used);
    EXPECT_EQ(refused.requested, row.requested);
    EXPECT_EQ(go_duration(refused.retry_after), row.try_again);
  }
}

// Header pairs of the real API: limit, remaining, reset.
TEST(RateLimiter, ResetsWhenTheRealApiDoes) {
  struct Row {
    std::int64_t limit, remaining;
    const char* reset;
  };
  const Row rows[] = {{10'000, 9'999, "6ms"}, {500, 499, "120ms"},       {3'000, 2'999, "20ms"},
                      {50, 49, "1.2s"},       {30'000, 4'735, "50.53s"}, {30'000, 30'000, "0s"}};
  for (const Row& row : rows) {
    RateLimiter limiter(LimitTime::Refill);
    const Decision admitted =
        limiter.admit("key", "chat", tokens_per_minute(row.limit), {1, row.limit - row.remaining}, kNow);
    EXPECT_EQ(admitted.tokens->remaining, row.remaining);
    EXPECT_EQ(go_duration(admitted.tokens->reset), row.reset);
  }
}

TEST(RateLimiter, AdmitsAgainExactlyAfterTheWaitItNamed) {
  for (const LimitTime time : {LimitTime::Refill, LimitTime::Window}) {
    for (const std::int64_t limit : {1, 3, 7, 10, 60, 999}) {
      RateLimiter limiter(time);
      const MinuteLimits limits{limit, std::nullopt};
      const WallTime now = kNow + milliseconds(137);
      ASSERT_EQ(admitted_of(limiter, static_cast<int>(limit) + 5, limits, now), limit);
      const Decision refused = limiter.admit("key", "chat", limits, {}, now);
      EXPECT_EQ(refused.verdict, Verdict::TooManyRequests);
      EXPECT_EQ(refused.requests->remaining, 0);
      EXPECT_FALSE(limiter.admit("key", "chat", limits, {}, now + refused.retry_after - Duration(1)).is_admitted());
      EXPECT_TRUE(limiter.admit("key", "chat", limits, {}, now + refused.retry_after).is_admitted());
    }
  }
}

TEST(RateLimiter, GivesAWindowBackAtOnceAndARefillBitByBit) {
  RateLimiter window(LimitTime::Window);
  RateLimiter refill(LimitTime::Refill);
  admitted_of(window, 10, kTen, kNow);
  admitted_of(refill, 10, kTen, kNow);
  EXPECT_EQ(admitted_of(window, 10, kTen, kNow + seconds(59)), 0);
  EXPECT_EQ(admitted_of(refill, 10, kTen, kNow + seconds(59)), 9);
  EXPECT_EQ(admitted_of(window, 20, kTen, kNow + seconds(60)), 10);
}

TEST(RateLimiter, StartsAWindowAtTheFirstCountedRequestNotAtTheMinute) {
  RateLimiter limiter(LimitTime::Window);
  EXPECT_EQ(limiter.look("key", "chat", kTen, kNow).requests->reset, seconds(60));
  limiter.admit("key", "chat", kTen, {}, kNow + seconds(45));
  EXPECT_EQ(limiter.admit("key", "chat", kTen, {}, kNow + seconds(50)).requests->reset, seconds(55));
}

TEST(RateLimiter, CountsKeysAndClassesApart) {
  RateLimiter limiter(LimitTime::Window);
  EXPECT_EQ(admitted_of(limiter, 11, kTen, kNow), 10);
  EXPECT_TRUE(limiter.admit("other", "chat", kTen, {}, kNow).is_admitted());
  EXPECT_TRUE(limiter.admit("key", "images", kTen, {}, kNow).is_admitted());
  EXPECT_FALSE(limiter.admit("key", "chat", kTen, {}, kNow).is_admitted());
}

TEST(RateLimiter, ChargesNothingForARefusal) {
  RateLimiter limiter(LimitTime::Refill);
  const MinuteLimits limits{100, 1'000};
  EXPECT_TRUE(limiter.admit("key", "chat", limits, {1, 600}, kNow).is_admitted());
  EXPECT_EQ(limiter.admit("key", "chat", limits, {1, 600}, kNow).verdict, Verdict::TooManyTokens);
  const Decision after = limiter.look("key", "chat", limits, kNow);
  EXPECT_EQ(after.requests->used, 1);
  EXPECT_EQ(after.tokens->used, 600);
}

TEST(RateLimiter, PromisesNoWaitWhereNoneHelps) {
  RateLimiter limiter(LimitTime::Refill);
  const Decision refused = limiter.admit("key", "chat", tokens_per_minute(30'000), {1, 31'538}, kNow);
  EXPECT_EQ(refused.verdict, Verdict::TooLarge);
  EXPECT_EQ(refused.requested, 31'538);
  EXPECT_EQ(refused.retry_after, Duration(0));
}

TEST(RateLimiter, NamesTheLongerWaitWhenBothCountersAreUsedUp) {
  RateLimiter limiter(LimitTime::Refill);
  const MinuteLimits limits{60, 1'000};
  ASSERT_TRUE(limiter.admit("key", "chat", limits, {60, 1'000}, kNow).is_admitted());
  const Decision refused = limiter.admit("key", "chat", limits, {1, 500}, kNow);
  EXPECT_EQ(refused.verdict, Verdict::TooManyTokens);
  EXPECT_EQ(refused.retry_after, seconds(30));
  EXPECT_TRUE(limiter.admit("key", "chat", limits, {1, 500}, kNow + seconds(30)).is_admitted());
}

TEST(RateLimiter, SettlesAnEstimateToWhatItReallyCost) {
  struct Row {
    LimitTime time;
    std::int64_t estimated, final_tokens;
    Duration later;
    std::int64_t used;
  };
  const Row rows[] = {
      {LimitTime::Refill, 600, 100, seconds(0), 100},
      {LimitTime::Refill, 100, 5'000, seconds(0), 5'000},  // over the limit: the next ones pay for it
      {LimitTime::Refill, 600, 100, seconds(6), 0},
      {LimitTime::Window, 600, 100, seconds(59), 100},
      {LimitTime::Window, 600, 100, seconds(60), 0},  // another window by then
  };
  for (const Row& row : rows) {
    RateLimiter limiter(row.time);
    const MinuteLimits limits = tokens_per_minute(1'000);
    limiter.admit("key", "chat", limits, {1, row.estimated}, kNow);
    limiter.settle("key", "chat", limits, row.estimated, row.final_tokens, kNow, kNow + row.later);
    EXPECT_EQ(limiter.look("key", "chat", limits, kNow + row.later).tokens->used, row.used);
  }
}

TEST(RateLimiter, LeavesTheNextWindowAloneWhenAnOldChargeIsSettled) {
  RateLimiter limiter(LimitTime::Window);
  const MinuteLimits limits = tokens_per_minute(1'000);
  limiter.admit("key", "chat", limits, {1, 600}, kNow);
  limiter.admit("key", "chat", limits, {1, 300}, kNow + seconds(61));
  limiter.settle("key", "chat", limits, 600, 100, kNow, kNow + seconds(62));
  EXPECT_EQ(limiter.look("key", "chat", limits, kNow + seconds(62)).tokens->used, 300);
}

TEST(RateLimiter, LetsEverythingPassWithoutLimits) {
  RateLimiter limiter(LimitTime::Refill);
  EXPECT_EQ(admitted_of(limiter, 1'000, {}, kNow), 1'000);
  EXPECT_EQ(limiter.stats().keys, 0u);
}

TEST(RateLimiter, ShowsItsCountersAndNoKey) {
  RateLimiter limiter(LimitTime::Window);
  limiter.admit("sk-0123456789abcdef", "chat", {10, 1'000}, {1, 200}, kNow);
  limiter.admit("short", "images", kTen, {}, kNow + seconds(30));
  limiter.admit("short", "images", kTen, {}, kNow + seconds(30));
  const auto shown = limiter.snapshot(kNow + seconds(59));
  ASSERT_EQ(shown.size(), 2u);
  EXPECT_EQ(shown[0].key, "s***t");
  EXPECT_EQ(shown[0].limit_class, "images");
  EXPECT_EQ(shown[0].requests->used, 2);
  EXPECT_EQ(shown[0].requests->reset, seconds(31));
  EXPECT_FALSE(shown[0].tokens);
  EXPECT_EQ(shown[1].key, "sk-012***cdef");
  EXPECT_EQ(shown[1].tokens->remaining, 800);
  EXPECT_EQ(limiter.snapshot(kNow + seconds(60)).back().requests->used, 0);
  EXPECT_EQ(limiter.snapshot(kNow, 1).size(), 1u);
  EXPECT_EQ(limiter.look("short", "images", kTen, kNow + seconds(59)).requests->used, 2);
}

TEST(RateLimiter, ForgetsTheKeyLongestUnusedWhenFull) {
  RateLimiter limiter(LimitTime::Window, 2);
  const MinuteLimits one{1, std::nullopt};
  limiter.admit("a", "chat", one, {}, kNow);
  limiter.admit("b", "chat", one, {}, kNow);
  EXPECT_FALSE(limiter.admit("a", "chat", one, {}, kNow).is_admitted());
  limiter.admit("c", "chat", one, {}, kNow);
  EXPECT_FALSE(limiter.admit("a", "chat", one, {}, kNow).is_admitted());
  EXPECT_TRUE(limiter.admit("b", "chat", one, {}, kNow).is_admitted());
  EXPECT_EQ(limiter.stats().keys, 2u);
  EXPECT_EQ(limiter.stats().evicted, 2u);
}

TEST(RateLimiter, SurvivesAClockThatIsSetBackOrFarAhead) {
  for (const LimitTime time : {LimitTime::Refill, LimitTime::Window}) {
    RateLimiter limiter(time);
    EXPECT_EQ(admitted_of(limiter, 11, kTen, kNow), 10);
    const Decision past = limiter.admit("key", "chat", kTen, {}, WallTime{});
    EXPECT_FALSE(past.is_admitted());
    EXPECT_LE(past.retry_after, minutes(1));
    const WallTime far = kNow + std::chrono::hours(24 * 365 * 200);
    EXPECT_EQ(admitted_of(limiter, 11, kTen, far), 10);
  }
}

TEST(RateLimiter, TakesAbsurdNumbersWithoutOverflow) {
  RateLimiter limiter(LimitTime::Refill);
  const MinuteLimits absurd{INT64_MAX, INT64_MAX};
  EXPECT_TRUE(limiter.admit("key", "chat", absurd, {INT64_MAX, INT64_MAX}, kNow).is_admitted());
  EXPECT_FALSE(limiter.admit("key", "chat", absurd, {1, 1}, kNow).is_admitted());
  for (int i = 0; i < 50; ++i) limiter.settle("key", "chat", {1, 1}, INT64_MIN, INT64_MAX, kNow, kNow);
  EXPECT_GT(limiter.admit("key", "chat", {0, -1}, {-3, 1}, kNow).retry_after, Duration(0));
}

TEST(RateLimiter, AdmitsPreciselyTheLimitOfTwoHundredCallersAtOnce) {
  for (const LimitTime time : {LimitTime::Refill, LimitTime::Window}) {
    RateLimiter limiter(time);
    const MinuteLimits limits{137, 100'000};
    std::atomic<int> admitted = 0;
    std::atomic<bool> go = false;
    std::vector<std::thread> callers;
    for (int i = 0; i < 200; ++i) {
      callers.emplace_back([&] {
        while (!go.load()) std::this_thread::yield();
        for (int turn = 0; turn < 5; ++turn) {
          const Decision decision = limiter.admit("key", "chat", limits, {1, 10}, kNow);
          if (!decision.is_admitted()) continue;
          ++admitted;
          limiter.settle("key", "chat", limits, 10, 3, kNow, kNow);
        }
      });
    }
    go.store(true);
    for (std::thread& caller : callers) caller.join();
    EXPECT_EQ(admitted.load(), 137);
    EXPECT_EQ(limiter.look("key", "chat", limits, kNow).tokens->used, 137 * 3);
  }
}

}  // namespace
}  // namespace mimus::server
