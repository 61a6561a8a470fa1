// Which fixture answers, and with which of its replies.
#include "server/match/choose.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "api/object_reader.h"
#include "server/match/fixture_store.h"

namespace mimus::server {
namespace {

class Choosing : public testing::Test {
 protected:
  void load(const std::string& fixtures) {
    const auto added = store_.replace("{\"mimus\":1,\"fixtures\":[" + fixtures + "]}");
    ASSERT_TRUE(added) << added.error().text();
  }

  // The name of the fixture that answers and the number of its reply ("name/1"); "-" for none.
  std::string ask(const std::string& text, const std::string& test = "t", const std::string& model = "gpt-4o") {
    const JsonDocument body = std::move(
        *parse_file_text(R"({"model":")" + model + R"(","messages":[{"role":"user","content":")" + text + "\"}]}", ""));
    const Question question = question_of("chat.completions", "", false, body.root(), {});
    const auto chosen = choose(*store_.snapshot(), question, states_, test);
    if (!chosen) return "-";
    if (chosen->reply == nullptr) return chosen->fixture->name + "/ended";
    return chosen->fixture->name + "/" + std::to_string(chosen->reply - chosen->fixture->replies.data() + 1);
  }

  std::string ask_times(int count, const std::string& text) {
    std::string all;
    for (int i = 0; i < count; ++i) all += ask(text);
    return all;
  }

  FixtureStore store_{Vocabulary{}};
  TestStates states_;
};

TEST_F(Choosing, PrefersMoreConditionsThenTheEarlier) {
  load(R"({"name":"any","reply":{}},
          {"name":"first","when":{"last_user":{"contains":"hi"}},"reply":{}},
          {"name":"second","when":{"last_user":{"contains":"hi there"}},"reply":{}},
          {"name":"both","when":{"last_user":{"contains":"hi"},"model":"gpt-5"},"reply":{}})");
  EXPECT_EQ(ask("hi there"), "first/1");
  EXPECT_EQ(ask("hi there", "t", "gpt-5"), "both/1");
  EXPECT_EQ(ask("bye"), "any/1");
}

TEST_F(Choosing, PutsPriorityBeforeEverything) {
  load(R"({"name":"exact","when":{"last_user":"hi","model":"gpt-4o"},"reply":{}},
          {"name":"low","priority":-1,"when":{"last_user":"bye","model":"gpt-4o"},"reply":{}},
          {"name":"high","priority":1,"when":{"model":"gpt-4o"},"times":1,"reply":{}},
          {"name":"any","reply":{}})");
  EXPECT_EQ(ask("hi"), "high/1");
  EXPECT_EQ(ask("hi"), "exact/1");
  EXPECT_EQ(ask("bye"), "any/1");
}

TEST_F(Choosing, GoesThroughTheRepliesAndThenDoesAsTold) {
  struct Row {
    const char* then;
    const char* fourth;
    const char* fifth;
  };
  const Row rows[] = {{"", "s/3", "s/3"},
                      {R"("then":"repeat",)", "s/3", "s/3"},
                      {R"("then":"cycle",)", "s/1", "s/2"},
                      {R"("then":"fall_through",)", "any/1", "any/1"},
                      {R"("then":"error",)", "s/ended", "s/ended"}};
  for (const Row& row : rows) {
    load(std::string("{\"name\":\"s\",") + row.then +
         R"("when":{"last_user":"hi"},"replies":[{"text":"1"},{"text":"2"},{"text":"3"}]},{"name":"any","reply":{}})");
    EXPECT_EQ(ask_times(3, "hi"), "s/1s/2s/3") << row.then;
    EXPECT_EQ(ask("hi"), row.fourth) << row.then;
    EXPECT_EQ(ask("hi"), row.fifth) << row.then;
  }
}

TEST_F(Choosing, EndsAFixtureAfterItsTimes) {
  load(R"({"name":"twice","times":2,"when":{"last_user":"hi"},"reply":{}})");
  EXPECT_EQ(ask_times(3, "hi"), "twice/1twice/1-");
}

TEST_F(Choosing, KeepsCountersAndStatesPerTest) {
  load(R"({"name":"pay","when":{"last_user":"pay"},"set":"order=paid","reply":{}},
          {"name":"ship","when":{"last_user":"where?","state":"order=paid"},"set":"order=shipped","reply":{}},
          {"name":"shipped","when":{"last_user":"where?","state":"order=shipped"},"reply":{}},
          {"name":"none","when":{"last_user":"where?","state":"order="},"reply":{}})");
  EXPECT_EQ(ask("where?", "a"), "none/1");
  EXPECT_EQ(ask("pay", "a"), "pay/1");
  EXPECT_EQ(ask("where?", "b"), "none/1");
  EXPECT_EQ(ask("where?", "a"), "ship/1");
  EXPECT_EQ(ask("where?", "a"), "shipped/1");
  states_.reset("a");
  EXPECT_EQ(ask("where?", "a"), "none/1");
}

TEST_F(Choosing, TellsTemplatesTheStatesAsTheyWereBefore) {
  load(R"({"name":"n","set":"order=paid","reply":{}})");
  const Question question;
  EXPECT_EQ(choose(*store_.snapshot(), question, states_, "t")->states, States{});
  const auto second = choose(*store_.snapshot(), question, states_, "t");
  EXPECT_EQ(second->states, (States{{"order", "paid"}}));
  EXPECT_EQ(second->nth, 2U);
}

// The index must never lose a fixture: what it finds is compared with trying them all.
TEST_F(Choosing, FindsWhatAWalkWouldFind) {
  std::string fixtures;
  const std::string texts[] = {"the weather in Paris", "weather",      "héllo wörld", "abc", "a", "",
                               "\u212Aelvin",          "aaaaaaaaaaaa", "x{1}y"};
  const char* kinds[] = {"exact", "contains", "glob", "regex"};
  const std::string patterns[] = {"the weather in Paris",
                                  "weather",
                                  "*weather*",
                                  "wea?her",
                                  "^the w.*s$",
                                  "héllo",
                                  "a",
                                  "",
                                  "aaaa",
                                  "ab?c",
                                  "(?i)WEATHER",
                                  "héllo|abc",
                                  "x[{]1",
                                  "wörld",
                                  "aris",
                                  "(?i)PARIS$",
                                  "(?i)^THE WEA",
                                  "(?i)kelvin"};
  int count = 0;
  for (const char* kind : kinds) {
    for (const std::string& pattern : patterns) {
      for (const char* field : {"last_user", "any_text", "system"}) {
        if (std::string(kind) == "regex" && pattern.starts_with("*")) continue;
        fixtures += (count == 0 ? "" : ",") + std::string("{\"name\":\"") + std::to_string(count) + "\",\"when\":{\"" +
                    field + "\":{\"" + kind + "\":\"" + pattern + "\"}},\"reply\":{}}";
        ++count;
      }
    }
  }
  load(fixtures);
  const auto matcher = store_.snapshot();
  for (const std::string& text : texts) {
    for (const char* role : {"user", "system", "assistant"}) {
      const JsonDocument body = std::move(
          *parse_file_text(std::string(R"({"messages":[{"role":")") + role + R"(","content":")" + text + "\"}]}", ""));
      const Question question = question_of("chat.completions", "", false, body.root(), {});
      std::vector<std::string> found;
      matcher->each_match(question, [&](const FixturePtr& f) { return found.push_back(f->name), true; });
      std::vector<std::string> walked;
      for (const FixturePtr& fixture : matcher->ranked()) {
        if (matches(fixture->when.conditions, question)) walked.push_back(fixture->name);
      }
      EXPECT_EQ(found, walked) << role << ": " << text;
      EXPECT_FALSE(walked.empty());
    }
  }
}

TEST(Matcher, FindsByEveryKindOfLiteral) {
  FixtureStore store{Vocabulary{}};
  const std::string when[] = {
      R"("endpoint":"embeddings")",  R"("model":"m")",
      R"("header":{"x-a":"1"})",     R"("json":{"/n":1})",
      R"("json":{"/b":true})",       R"("json":{"/z":null})",
      R"("json":{"/s":"s"})",        R"("json":{"/s":{"exact":"s"}})",
      R"("json":{"/l":["a",1,[]]})", R"("json":{"/o":{"equals":{"a":[1,{"x":"y","u":null}],"b":2}}})",
      R"("offers_tool":"f")"};
  std::string fixtures;
  for (const std::string& one : when)
    fixtures += (fixtures.empty() ? "" : ",") + ("{\"when\":{" + one + "},\"reply\":{}}");
  ASSERT_TRUE(store.replace("{\"mimus\":1,\"fixtures\":[" + fixtures + "]}"));
  const std::vector<HeaderView> headers = {{"X-A", "1"}};
  const auto count = [&](const std::string& text, std::string_view operation, std::span<const HeaderView> given) {
    const JsonDocument body = std::move(*parse_file_text(text, ""));
    const Question question = question_of(operation, "", false, body.root(), given);
    int found = 0;
    store.snapshot()->each_match(question, [&](const FixturePtr&) { return ++found, true; });
    return found;
  };
  EXPECT_EQ(count(R"({"model":"m","n":1.0,"b":true,"z":null,"s":"s","tools":[{"name":"f"}],
                      "l":["a",1.0,[]],"o":{"b":2.0,"a":[1,{"u":null,"x":"y"}]}})",
                  "embeddings", headers),
            11);
  EXPECT_EQ(count(R"({"model":"n","n":2,"b":false,"s":"t","tools":[{"name":"g"}],"l":[1,"a",[]],"o":{"b":2}})",
                  "chat.completions", {}),
            0);
}

TEST(TestStates, KeepsApartAPlainKeyAndATestOfTheSameName) {
  EXPECT_NE(test_key("a", ""), test_key("", "a"));
  EXPECT_EQ(test_key("a", "key one"), test_key("a", "key two"));
  EXPECT_LE(test_key(std::string(100'000, 'x'), "").size(), 300U);
}

TEST(TestStates, ForgetsTheTestUnusedForLongest) {
  TestStates states(TestStates::Limits{.tests = 2, .fixtures = 2, .requests = 2});
  EXPECT_EQ(states.count_request("a", 1), 1U);
  EXPECT_EQ(states.count_request("b", 1), 1U);
  EXPECT_EQ(states.count_request("a", 1), 2U);
  EXPECT_EQ(states.count_request("c", 1), 1U);
  EXPECT_EQ(states.tests(), 2U);
  EXPECT_EQ(states.count_request("a", 1), 3U);
  EXPECT_EQ(states.count_request("b", 1), 1U);
}

TEST(TestStates, ForgetsTheOldestRequestOfATest) {
  TestStates states(TestStates::Limits{.tests = 2, .fixtures = 2, .requests = 2});
  for (const std::uint64_t digest : {1U, 2U, 3U}) EXPECT_EQ(states.count_request("a", digest), 1U);
  EXPECT_EQ(states.count_request("a", 3), 2U);
  EXPECT_EQ(states.count_request("a", 1), 1U);
}

// 64 tests at a time on one server, each of which must see exactly its own sequence; a reader reloads meanwhile.
TEST_F(Choosing, ServesManyTestsAtATime) {
  load(
      R"({"name":"s","when":{"last_user":"hi"},"then":"fall_through","replies":[{"text":"1"},{"text":"2"},{"text":"3"}]},
          {"name":"any","reply":{}})");
  constexpr int kTests = 64;
  std::vector<std::string> seen(kTests);
  std::vector<std::thread> threads;
  for (int i = 0; i < kTests; ++i) {
    threads.emplace_back([this, i, &seen] {
      for (int k = 0; k < 4; ++k) seen[static_cast<std::size_t>(i)] += ask("hi", "test-" + std::to_string(i));
      states_.reset("nobody");
    });
  }
  for (int k = 0; k < 20; ++k) EXPECT_TRUE(store_.add(R"({"when":{"last_user":"never"},"reply":{}})"));
  for (std::thread& thread : threads) thread.join();
  for (const std::string& one : seen) EXPECT_EQ(one, "s/1s/2s/3any/1");
}

// Many requests of one test at the same moment: each use is given out once. Claims alone, as close together as can be.
TEST(TestStates, GivesEachUseOfATestToOneRequest) {
  auto fixture = std::make_shared<Fixture>();
  fixture->id = 1;
  fixture->times = 10'000;
  fixture->replies.resize(1);
  fixture->set = {{"last", "use"}};
  const std::vector<FixturePtr> candidates = {fixture};
  constexpr int kThreads = 8;
  TestStates states;
  std::atomic<int> used{0};
  std::latch start(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      start.arrive_and_wait();
      for (int k = 0; k < 2'000; ++k) used += states.claim("t", candidates) ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(used, 10'000);
  EXPECT_EQ(states.uses("t", *fixture), 10'000U);
}

}  // namespace
}  // namespace mimus::server
