// Rate limits as a caller meets them: statuses, headers and bodies of each dialect, by a clock that stands still.
#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "server/endpoints/app_desk.h"

namespace mimus::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

AppOptions limited(std::vector<std::string> dialects, LimitOptions limits) {
  AppOptions options;
  options.dialects = std::move(dialects);
  options.limits = std::move(limits);
  return options;
}

const char* const kChat = R"({"model":"gpt-4o","messages":[{"role":"user","content":"Hello there"}]})";
const char* const kStream = R"({"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"Hello there"}]})";
const char* const kImage = R"({"model":"dall-e-3","prompt":"a cat"})";
const std::string kPlatformChat = "/api/v1/chat/completions";

TEST(AppLimits, RefuseTheEleventhOfTenUntilTheSecondThatTheyName) {
  AppDesk desk(limited({"platform"}, {"free", {}, {}}));
  for (int i = 0; i < 10; ++i) {
    const Answered answer = desk.post(kPlatformChat, i % 2 == 0 ? kChat : kStream);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("x-ratelimit-limit-requests"), "10");
    EXPECT_EQ(answer.header("x-ratelimit-remaining-requests"), std::to_string(9 - i));
    EXPECT_EQ(answer.header("x-ratelimit-reset-requests"), "1700000060");
    desk.clock().advance(milliseconds(1'500));
  }
  const Answered refused = desk.post(kPlatformChat, kChat);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.at("/error/type"), "rate_limit_error");
  EXPECT_EQ(refused.at("/error/code"), "rate_limit_exceeded");
  EXPECT_EQ(refused.header("x-ratelimit-remaining-requests"), "0");
  EXPECT_EQ(refused.header("x-ratelimit-reset-requests"), "1700000060");
  EXPECT_EQ(refused.header("content-type"), "application/json");
  desk.clock().advance(milliseconds(44'999));
  EXPECT_EQ(desk.post(kPlatformChat, kChat).status, 429);
  desk.clock().advance(milliseconds(1));
  const Answered admitted = desk.post(kPlatformChat, kChat);
  EXPECT_EQ(admitted.status, 200);
  EXPECT_EQ(admitted.header("x-ratelimit-reset-requests"), "1700000120");
}

TEST(AppLimits, CountKeysAndClassesApart) {
  AppDesk desk(limited({"platform"}, {"free", {}, {}}));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(desk.post("/api/v1/images/generations", kImage).status, 200);
  EXPECT_EQ(desk.post("/api/v1/images/generations", kImage).status, 429);
  EXPECT_EQ(desk.post(kPlatformChat, kChat).header("x-ratelimit-remaining-requests"), "9");
  const Answered list = desk.get("/api/v1/models");
  EXPECT_EQ(list.status, 200);
  EXPECT_EQ(list.header("x-ratelimit-remaining-requests"), "9");
  desk.use_key("sk-another");
  EXPECT_EQ(desk.post("/api/v1/images/generations", kImage).status, 200);
}

TEST(AppLimits, CountWhatAnEndpointRefusesButNotWhoHasNoKey) {
  AppDesk desk(limited({"platform"}, {"free", {}, {}}));
  const Answered bad = desk.post(kPlatformChat, "{");
  EXPECT_EQ(bad.status, 400);
  EXPECT_EQ(bad.header("x-ratelimit-remaining-requests"), "9");
  desk.use_headers({});
  const Answered stranger = desk.post(kPlatformChat, kChat);
  EXPECT_EQ(stranger.status, 401);
  EXPECT_EQ(stranger.header("x-ratelimit-limit-requests"), "");
}

// What each dialect says to the first request, and to the one that is refused.
TEST(AppLimits, SpeakAsEachDialectDoes) {
  struct Row {
    const char* dialect;
    const char* path;
    LimitOptions limits;
    std::vector<std::pair<const char*, const char*>> first;    // headers; "" for absent
    std::vector<std::pair<const char*, const char*>> refused;  // after `limits.requests`, 250 ms later
    const char* message;
  };
  const Row rows[] = {
      {"openai",
       "/v1/chat/completions",
       {"", 3, 30'000},
       {{"x-ratelimit-limit-requests", "3"},
        {"x-ratelimit-limit-tokens", "30000"},
        {"x-ratelimit-remaining-requests", "2"},
        {"x-ratelimit-reset-requests", "20s"},
        {"retry-after", ""}},
       {{"x-ratelimit-remaining-requests", "0"},
        {"x-ratelimit-reset-requests", "1m0s"},
        {"retry-after", "20"},
        {"retry-after-ms", "20000"}},
       "Rate limit reached for gpt-4o in organization org-mimus on requests per min (RPM): Limit 3, Used 3, Requested "
       "1. Please try again in 20s. Visit https://platform.openai.com/account/rate-limits to learn more."},
      {"ozwell",
       "/v1/chat/completions",
       {"", 3, {}},
       {{"x-ratelimit-limit", "3"},
        {"x-ratelimit-remaining", "2"},
        {"x-ratelimit-reset", "1700000060"},
        {"retry-after", ""}},
       {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1700000060"}, {"retry-after", "60"}},
       "Rate limited: too many requests"},
      {"choreo",
       "/v1/chat/completions",
       {"", 3, {}},
       {{"retry-after", ""}, {"x-ratelimit-limit", ""}},
       {{"retry-after", "60"}},
       "Rate limit exceeded: too many requests"},
      {"platform",
       "/api/v1/chat/completions",
       {"", 3, {}},
       {{"x-ratelimit-limit-requests", "3"}, {"x-ratelimit-limit-tokens", ""}, {"retry-after", ""}},
       {{"x-ratelimit-reset-requests", "1700000060"}, {"retry-after", ""}},
       "You have exceeded your rate limit. Slow down and retry after the window resets."},
  };
  for (const Row& row : rows) {
    AppDesk desk(limited({row.dialect}, row.limits));
    const Answered first = desk.post(row.path, kChat);
    EXPECT_EQ(first.status, 200) << row.dialect << first.body;
    for (const auto& [name, value] : row.first) EXPECT_EQ(first.header(name), value) << row.dialect << " " << name;
    desk.post(row.path, kChat);
    desk.post(row.path, kChat);
    desk.clock().advance(milliseconds(250));
    const Answered refused = desk.post(row.path, kChat);
    EXPECT_EQ(refused.status, 429) << row.dialect;
    for (const auto& [name, value] : row.refused) EXPECT_EQ(refused.header(name), value) << row.dialect << " " << name;
    EXPECT_EQ(refused.at("/error/message"), row.message);
    EXPECT_EQ(refused.at("/error/code"), "rate_limit_exceeded");
  }
}

TEST(AppLimits, ChargeTokensByEstimateAndSettleThem) {
  AppDesk desk(limited({"openai"}, {"", {}, 1'000}));
  const std::string path = "/v1/chat/completions";
  const std::string large = R"({"model":"gpt-4o","max_tokens":900,"messages":[{"role":"user","content":"Hello"}]})";
  const Answered first = desk.post(path, large);
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.header("x-ratelimit-limit-requests"), "");
  EXPECT_LE(std::stoi(first.header("x-ratelimit-remaining-tokens")), 100);
  // What the reply did not use came back, or the second would be refused.
  EXPECT_EQ(desk.post(path, large).status, 200);
  const Answered too_large = desk.post(path, R"({"model":"gpt-4o;ttft=1s","max_tokens":1001,"messages":[]})");
  EXPECT_EQ(too_large.status, 429);
  EXPECT_EQ(too_large.at("/error/type"), "tokens");
  EXPECT_EQ(too_large.at("/error/message").find("Request too large for gpt-4o in"), 0U);
  EXPECT_EQ(too_large.header("retry-after"), "");
}

TEST(AppLimits, ShowNoHeadersWhereTheDialectIsSilent) {
  AppDesk desk(limited({"openai"}, {"", 10, {}}));
  const Answered unknown =
      desk.post("/v1/chat/completions", R"({"model":"nope","messages":[{"role":"user","content":"x"}]})");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.header("x-ratelimit-limit-requests"), "");
  EXPECT_EQ(desk.post("/v1/chat/completions", "{}").header("x-ratelimit-remaining-requests"), "8");
}

TEST(AppLimits, AreThoseOfTheDialectThatIsAsked) {
  AppDesk desk(limited({"openai", "platform"}, {"free", {}, {}}));
  EXPECT_EQ(desk.post("/v1/chat/completions", kChat).header("x-ratelimit-limit-requests"), "");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(desk.post("/platform" + kPlatformChat, kChat).status, 200);
  EXPECT_EQ(desk.post("/platform" + kPlatformChat, kChat).status, 429);
}

TEST(AppLimits, AdmitExactlyTheLimitOfTwoHundredClientsAtOnce) {
  AppDesk desk(limited({"platform"}, {"", 137, {}}));
  std::atomic<int> admitted = 0;
  std::atomic<int> refused = 0;
  std::atomic<bool> go = false;
  std::vector<std::thread> clients;
  for (int i = 0; i < 200; ++i) {
    clients.emplace_back([&] {
      while (!go.load()) std::this_thread::yield();
      const int status = desk.post(kPlatformChat, kChat).status;
      if (status == 200) ++admitted;
      if (status == 429) ++refused;
    });
  }
  go.store(true);
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(admitted.load(), 137);
  EXPECT_EQ(refused.load(), 63);
}

}  // namespace
}  // namespace mimus::server
