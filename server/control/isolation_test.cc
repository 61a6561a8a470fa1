// Many tests on one server, each with counters and states of its own, while others are reset and the journal is read.
#include <thread>

#include "server/control/driven_app.h"

namespace mimus::server {
namespace {

constexpr int kTests = 64;
constexpr int kRounds = 6;

constexpr const char* kScript = R"({"mimus":1,"fixtures":[
  {"name":"count","when":{"last_user":"count"},"then":"cycle",
   "replies":[{"text":"one"},{"text":"two"},{"text":"three"}]},
  {"name":"once","when":{"last_user":"once"},"times":1,"reply":{"text":"only once"}},
  {"name":"used up","when":{"last_user":"once"},"reply":{"text":"used up"}},
  {"name":"pay","when":{"last_user":"pay"},"reply":{"text":"thanks"},"set":"order=paid"},
  {"name":"paid","when":{"last_user":"order?","state":"order=paid"},"reply":{"text":"shipped"}},
  {"name":"unpaid","when":{"last_user":"order?"},"reply":{"text":"pay first"}}]})";

// What one test sees, as if it were alone on the server. Every second one is told apart by its key.
std::vector<std::string> live(DrivenApp& driven, int number) {
  const std::string test = number % 2 == 0 ? "test-" + std::to_string(number) : "";
  const std::string key = "Bearer sk-" + std::to_string(number);
  std::vector<std::string> seen;
  const auto say = [&](std::string_view text) {
    const std::string body =
        R"({"model":"gpt-4o","messages":[{"role":"user","content":")" + std::string(text) + R"("}]})";
    std::vector<HeaderView> headers = {{"authorization", key}, {"content-type", "application/json"}};
    if (!test.empty()) headers.push_back({"x-mimus-test", test});
    const Answered answer = driven.ask("POST", "/v1/chat/completions", body, headers);
    seen.push_back(answer.at("/choices/0/message/content"));
  };
  for (int round = 0; round < kRounds; ++round) {
    for (const char* text : {"count", "order?", "once", "count"}) say(text);
    if (round == kRounds / 2) say("pay");
  }
  const std::string mine =
      test.empty() ? R"({"key":"sk-)" + std::to_string(number) + "\"}" : R"({"test":")" + test + "\"}";
  EXPECT_EQ(driven.post("/_mimus/reset", mine).status, 200);
  for (const char* text : {"count", "order?", "once"}) say(text);
  return seen;
}

TEST(Isolation, SixtyFourTestsOnOneServerDoNotDisturbEachOther) {
  DrivenApp alone;
  ASSERT_EQ(alone.post("/_mimus/fixtures", kScript).status, 201);
  const std::vector<std::string> expected = live(alone, 0);
  ASSERT_EQ(expected[0], "one");
  ASSERT_EQ(expected.back(), "only once");

  DrivenApp driven;
  ASSERT_EQ(driven.post("/_mimus/fixtures", kScript).status, 201);
  std::vector<std::vector<std::string>> seen(kTests);
  std::vector<std::thread> tests;
  for (int i = 0; i < kTests; ++i) {
    tests.emplace_back([&driven, &seen, i] { seen[static_cast<std::size_t>(i)] = live(driven, i); });
  }
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(driven.get("/_mimus/journal?limit=5&order=desc").status, 200);
    EXPECT_EQ(driven.get("/_mimus/metrics").status, 200);
  }
  for (std::thread& test : tests) test.join();
  for (int i = 0; i < kTests; ++i) EXPECT_EQ(seen[static_cast<std::size_t>(i)], expected) << "test " << i;
  for (int i = 0; i < kTests; i += 2) {  // what each test said after its reset
    const std::string test = "test-" + std::to_string(i);
    EXPECT_EQ(driven.post("/_mimus/verify", R"({"when":{},"exactly":3,"test":")" + test + "\"}").status, 200) << test;
  }
  EXPECT_EQ(driven.get("/_mimus/journal?limit=1").at("/open"), "0");
}

}  // namespace
}  // namespace mimus::server
