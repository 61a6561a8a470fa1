#include "server/limits/limit_headers.h"

#include <string>

#include <gtest/gtest.h>

namespace mimus::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr WallTime kNow{seconds(1'699'000'000)};

LimitRules rules_of(const char* text) {
  const auto json = parse_json(text);
  EXPECT_TRUE(json) << text;
  auto rules = read_limit_rules(json->root(), "/limits");
  EXPECT_TRUE(rules) << (rules ? "" : rules.error().text());
  return std::move(*rules);
}

std::string text_of(const std::vector<Header>& headers) {
  std::string text;
  for (const Header& header : headers) text += header.name + ": " + header.value + "\n";
  return text;
}

const char* const kDurations = R"({"time":"refill","headers":[
  {"name":"x-ratelimit-limit-requests","shows":"limit","of":"requests"},
  {"name":"x-ratelimit-remaining-requests","shows":"remaining","of":"requests"},
  {"name":"x-ratelimit-reset-requests","shows":"reset","of":"requests","as":"go_duration"},
  {"name":"x-ratelimit-reset-tokens","shows":"reset","of":"tokens","as":"go_duration"},
  {"name":"retry-after","shows":"retry_after","as":"seconds","on":"refusal"},
  {"name":"retry-after-ms","shows":"retry_after","as":"milliseconds","on":"refusal"}]})";

const char* const kEpochs = R"({"time":"window","headers":[
  {"name":"X-RateLimit-Limit","shows":"limit"},
  {"name":"X-RateLimit-Remaining","shows":"remaining","zero_when_refused":true},
  {"name":"X-RateLimit-Reset","shows":"reset","as":"epoch_seconds"},
  {"name":"Retry-After","shows":"retry_after","as":"seconds","on":"refusal"}]})";

TEST(LimitHeaders, SpeakInDurationsWhereTheDialectDoes) {
  const LimitRules rules = rules_of(kDurations);
  RateLimiter limiter(rules.time);
  const MinuteLimits limits{3, std::nullopt};
  EXPECT_EQ(text_of(limit_headers(rules.headers, limiter.admit("k", "c", limits, {}, kNow), kNow)),
            "x-ratelimit-limit-requests: 3\nx-ratelimit-remaining-requests: 2\nx-ratelimit-reset-requests: 20s\n");
  limiter.admit("k", "c", limits, {2, 0}, kNow);
  const WallTime later = kNow + milliseconds(250);
  EXPECT_EQ(text_of(limit_headers(rules.headers, limiter.admit("k", "c", limits, {}, later), later)),
            "x-ratelimit-limit-requests: 3\nx-ratelimit-remaining-requests: 0\nx-ratelimit-reset-requests: 1m0s\n"
            "retry-after: 20\nretry-after-ms: 20000\n");
}

TEST(LimitHeaders, SpeakInEpochSecondsWhereTheDialectDoes) {
  const LimitRules rules = rules_of(kEpochs);
  RateLimiter limiter(rules.time);
  const MinuteLimits limits{100, 10'000};
  limiter.admit("k", "c", limits, {100, 5}, kNow);
  const WallTime later = kNow + seconds(30);
  EXPECT_EQ(text_of(limit_headers(rules.headers, limiter.admit("k", "c", limits, {1, 5}, later), later)),
            "X-RateLimit-Limit: 100\nX-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1699000060\nRetry-After: 30\n");
}

TEST(LimitHeaders, ShowNothingLeftWhenTokensRefused) {
  const LimitRules rules = rules_of(kEpochs);
  RateLimiter limiter(rules.time);
  const MinuteLimits limits{100, 10'000};
  limiter.admit("k", "c", limits, {1, 9'999}, kNow);
  const Decision refused = limiter.admit("k", "c", limits, {1, 500}, kNow);
  EXPECT_EQ(limit_situation(refused.verdict), "rate_limited_tokens");
  EXPECT_EQ(text_of(limit_headers(rules.headers, refused, kNow)),
            "X-RateLimit-Limit: 100\nX-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1699000060\nRetry-After: 60\n");
}

// Whoever waits until the reset second, or for Retry-After, is let in; both name the same second.
TEST(LimitHeaders, AgreeWithEachOtherToTheSecond) {
  const LimitRules rules = rules_of(kEpochs);
  const MinuteLimits one{1, std::nullopt};
  for (const int first : {0, 1, 499, 500, 999}) {
    for (const int wait : {0, 1, 400, 999, 1'000, 30'001, 59'000}) {
      RateLimiter limiter(rules.time);
      limiter.admit("k", "c", one, {}, kNow + milliseconds(first));
      const WallTime now = kNow + milliseconds(first + wait);
      const Decision refused = limiter.admit("k", "c", one, {}, now);
      ASSERT_FALSE(refused.is_admitted()) << first << "+" << wait;
      const auto headers = limit_headers(rules.headers, refused, now);
      const auto now_second = std::chrono::floor<seconds>(now).time_since_epoch().count();
      const long long reset = std::stoll(headers[2].value);
      const long long retry_after = std::stoll(headers[3].value);
      EXPECT_EQ(reset - now_second, retry_after) << first << "+" << wait;
      EXPECT_GE(retry_after, 1);
      EXPECT_TRUE(limiter.admit("k", "c", one, {}, WallTime(seconds(reset))).is_admitted());
    }
  }
}

TEST(LimitHeaders, PromiseNoRetryToARequestThatIsTooLarge) {
  const LimitRules rules = rules_of(kDurations);
  RateLimiter limiter(rules.time);
  const Decision refused = limiter.admit("k", "c", {std::nullopt, 100}, {1, 101}, kNow);
  EXPECT_EQ(limit_situation(refused.verdict), "request_above_rate_limit");
  EXPECT_EQ(text_of(limit_headers(rules.headers, refused, kNow)), "x-ratelimit-reset-tokens: 0s\n");
}

TEST(LimitHeaders, FillTheNumbersOfAMessage) {
  RateLimiter limiter(LimitTime::Refill);
  limiter.admit("k", "c", {std::nullopt, 30'000}, {1, 18'928}, kNow);
  std::string text;
  for (const auto& [name, value] : limit_args(limiter.admit("k", "c", {std::nullopt, 30'000}, {1, 11'159}, kNow))) {
    text += std::string(name) + "=" + value + " ";
  }
  EXPECT_EQ(text, "limit=30000 used=18928 requested=11159 wait=174ms ");
}

}  // namespace
}  // namespace mimus::server
