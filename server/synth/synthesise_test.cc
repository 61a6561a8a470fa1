#include "server/synth/synthesise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/synth/call_builder.h"
#include "server/synth/prose.h"
#include "server/tokens.h"

namespace mimus::server {
namespace {

using Mode = ToolChoice::Mode;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kCity = R"({"type":"object","properties":{"city":{"type":"string"}},"required":["city"]})";

Reply reply_to(const Call& call, std::uint64_t seed = 1) {
  auto reply = synthesise(call, digest_of(call, seed));
  EXPECT_TRUE(reply) << reply.error().text();
  return reply ? *reply : Reply{{Choice{}}, {}};
}
Choice first_choice(const Call& call) {
  return reply_to(call).choices[0];
}

std::vector<std::string> names_called(const Call& call) {
  std::vector<std::string> names;
  for (const ToolCall& made : first_choice(call).tool_calls) names.push_back(made.name);
  return names;
}

TEST(Synthesise, IsTheSameForTheSameCallAndSeed) {
  const Call call = CallBuilder().user("Tell me about lighthouses in Norway").call;
  EXPECT_EQ(reply_to(call).choices[0].text, reply_to(call).choices[0].text);
  EXPECT_NE(reply_to(call, 1).choices[0].text, reply_to(call, 2).choices[0].text);
}

TEST(Synthesise, TextDependsOnWhatWasAskedAndOnNothingElse) {
  const auto base = [] { return CallBuilder().user("Tell me about lighthouses"); };
  const std::string text = first_choice(base().call).text;
  std::vector<std::pair<std::string, void (*)(Call&)>> same = {
      {"stream", [](Call& c) { c.stream = true; }},
      {"usage", [](Call& c) { c.include_usage = true; }},
      {"key", [](Call& c) { c.api_key = "sk-x"; }},
      {"logprobs", [](Call& c) { c.logprobs = true; }},
      {"n", [](Call& c) { c.n = 3; }},
      {"long limit", [](Call& c) { c.max_tokens = 100000; }},
  };
  for (const auto& [name, change] : same) {
    CallBuilder changed = base();
    change(changed.call);
    EXPECT_EQ(first_choice(changed.call).text, text) << name;
  }
  std::vector<std::pair<std::string, void (*)(Call&)>> other = {
      {"model", [](Call& c) { c.model = "gpt-5"; }},
      {"seed", [](Call& c) { c.seed = 0; }},
      {"role", [](Call& c) { c.messages.insert(c.messages.begin(), Message{}); }},
      {"image", [](Call& c) { c.messages[0].images = 1; }},
      {"name", [](Call& c) { c.messages[0].name = "ann"; }},
  };
  for (const auto& [name, change] : other) {
    CallBuilder changed = base();
    change(changed.call);
    EXPECT_NE(first_choice(changed.call).text, text) << name;
  }
}

TEST(Synthesise, MentionsTheUsersWordsAtANaturalLength) {
  for (const char* word : {"lighthouses", "Kubernetes", "Stra\u00dfenbahn", "\u5929\u6c14", "ab"}) {
    const Choice choice = first_choice(CallBuilder().user(std::string("Please write about ") + word).call);
    EXPECT_THAT(choice.text, HasSubstr(word == std::string("ab") ? "." : word));
    EXPECT_EQ(choice.finish, FinishReason::Stop);
    EXPECT_GE(count_tokens(choice.text), 30);
    EXPECT_LE(count_tokens(choice.text), 150);
  }
}

TEST(Synthesise, MaxTokensOnlyCuts) {
  CallBuilder built = CallBuilder().user("Tell me about lighthouses");
  const Reply whole = reply_to(built.call);
  for (std::int64_t limit = 1; limit <= whole.usage.completion_tokens + 1; ++limit) {
    built.call.max_tokens = limit;
    const Reply cut = reply_to(built.call);
    EXPECT_THAT(whole.choices[0].text, StartsWith(cut.choices[0].text));
    EXPECT_EQ(cut.usage.completion_tokens, std::min(limit, whole.usage.completion_tokens));
    EXPECT_EQ(count_tokens(cut.choices[0].text), cut.usage.completion_tokens);
    const bool is_cut = limit < whole.usage.completion_tokens;
    EXPECT_EQ(cut.choices[0].finish, is_cut ? FinishReason::Length : FinishReason::Stop) << limit;
  }
}

TEST(Synthesise, StopsBeforeTheStopText) {
  CallBuilder built = CallBuilder().user("Tell me about lighthouses");
  const std::string whole = first_choice(built.call).text;
  built.call.stop = {"not in there", ".", "lighthouses"};
  const Choice cut = first_choice(built.call);
  EXPECT_EQ(cut.text, whole.substr(0, std::min(whole.find('.'), whole.find("lighthouses"))));
  EXPECT_EQ(cut.finish, FinishReason::Stop);
  built.call.max_tokens = 2;
  EXPECT_EQ(first_choice(built.call).finish, FinishReason::Length);
  built.call.max_tokens.reset();
  built.call.stop = {""};
  EXPECT_EQ(first_choice(built.call).text, whole);
}

TEST(Synthesise, MoreChoicesLeaveTheFirstOnesAlone) {
  CallBuilder built = CallBuilder().user("Tell me about lighthouses");
  const Reply one = reply_to(built.call);
  built.call.n = 4;
  const Reply four = reply_to(built.call);
  ASSERT_EQ(four.choices.size(), 4U);
  EXPECT_EQ(four.choices[0].text, one.choices[0].text);
  EXPECT_NE(four.choices[1].text, four.choices[0].text);
  std::int64_t sum = 0;
  for (const Choice& choice : four.choices) sum += count_tokens(choice.text);
  EXPECT_EQ(four.usage.completion_tokens, sum);
}

TEST(Synthesise, LogprobsAreOneForEachToken) {
  CallBuilder built = CallBuilder().user("Tell me about lighthouses");
  built.call.logprobs = true;
  const Choice without = first_choice(built.call);
  built.call.top_logprobs = 20;
  const Choice choice = first_choice(built.call);
  std::string joined;
  for (std::size_t i = 0; i < choice.logprobs.size(); ++i) {
    const TokenLogprob& entry = choice.logprobs[i];
    joined += entry.token;
    EXPECT_LE(entry.logprob, 0);
    EXPECT_EQ(entry.logprob, without.logprobs[i].logprob);
    ASSERT_EQ(entry.top.size(), 20U);
    EXPECT_EQ(entry.top[0], std::pair(entry.token, entry.logprob));
    double sum = 0;
    for (std::size_t k = 0; k < entry.top.size(); ++k) {
      sum += std::exp(entry.top[k].second);
      if (k == 0) continue;
      EXPECT_LE(entry.top[k].second, entry.top[k - 1].second);
      for (std::size_t j = 0; j < k; ++j) EXPECT_NE(entry.top[k].first, entry.top[j].first);
    }
    EXPECT_LE(sum, 1.0);
  }
  EXPECT_EQ(joined, choice.text);
  EXPECT_TRUE(without.logprobs[0].top.empty());
}

TEST(Topics, AreTheTellingWordsInTheirOrder) {
  const auto topics = [](std::string_view text) {
    const Topics found(text);
    return std::vector<std::string>(found.begin(), found.end());
  };
  using Words = std::vector<std::string>;
  EXPECT_EQ(topics("What IS the weather, the Weather in Oslo?"), (Words{"weather", "Oslo"}));
  EXPECT_EQ(topics("a b"), (Words{"a", "b"}));
  EXPECT_EQ(topics("caf\u00e9s \u2014 \u201cwindow2\u201d"), (Words{"caf\u00e9s", "window2"}));
  EXPECT_EQ(topics("1 2 !"), Words{});
  EXPECT_EQ(topics("alpha bravo charlie delta echoes foxtrot golf").size(), kMaxTopics);
  EXPECT_LE(Topics(std::string(2000, 'x'))[0].size(), 32U);
}

TEST(Prose, ShorterTextsBeginLongerOnes) {
  const Topics topics("weather in Paris");
  const std::string longest = prose(5, topics, 3000);
  EXPECT_EQ(count_tokens(longest), 3000);
  for (std::int64_t tokens : {0, 1, 10, 100, 999}) {
    const std::string text = prose(5, topics, tokens);
    EXPECT_EQ(count_tokens(text), tokens);
    EXPECT_THAT(longest, StartsWith(text));
  }
  EXPECT_THAT(longest, StartsWith(prose(5, topics)));
}

TEST(Prose, HasNoWordThatWantsAnInsteadOfA) {
  const std::string text = " " + prose(5, Topics("weather in Paris"), 30'000);
  for (std::size_t at = text.find(" a "); at != std::string::npos; at = text.find(" a ", at + 1)) {
    if (text.compare(at + 3, 6, "useful") == 0) continue;  // begins with a consonant when it is spoken
    EXPECT_EQ(std::string_view("aeiou").find(text[at + 3]), std::string_view::npos) << text.substr(at, 30);
  }
}

struct ToolCase {
  std::string name;
  CallBuilder built;
  std::vector<std::string> called;
  FinishReason finish;
};

TEST(ToolCalls, FollowToolChoiceAndTheWordsOfTheUser) {
  const auto two = [](std::string user) {
    return CallBuilder().user(std::move(user)).tool("get_time", kCity).tool("getWeather", kCity, "Forecast for a city");
  };
  const auto with = [](CallBuilder built, auto change) {
    change(built.call);
    return built;
  };
  const ToolCase cases[] = {
      {"none", two("weather?").choice(Mode::None), {}, FinishReason::Stop},
      {"by name", two("How is the weather?"), {"getWeather"}, FinishReason::ToolCalls},
      {"by description", two("a forecast, please"), {"getWeather"}, FinishReason::ToolCalls},
      {"nothing in common", two("hi"), {"get_time"}, FinishReason::ToolCalls},
      {"both", two("time and weather"), {"get_time", "getWeather"}, FinishReason::ToolCalls},
      {"both, not parallel",
       with(two("weather, time"), [](Call& c) { c.parallel_tool_calls = false; }),
       {"get_time"},
       FinishReason::ToolCalls},
      {"required", two("hi").choice(Mode::Required), {"get_time"}, FinishReason::ToolCalls},
      {"named", two("time").choice(Mode::Named, "getWeather"), {"getWeather"}, FinishReason::Stop},
      {"allowed",
       with(two("time"), [](Call& c) { c.tool_choice.allowed = {"getWeather"}; }),
       {"getWeather"},
       FinishReason::ToolCalls},
      {"legacy",
       with(two("time and weather"), [](Call& c) { c.legacy_functions = true; }),
       {"get_time"},
       FinishReason::FunctionCall},
      {"answered", two("weather").called("c1", "getWeather", "{}").result("c1", "sunny"), {}, FinishReason::Stop},
      {"answered, yet required",
       two("weather").called("c1", "getWeather", "{}").result("c1", "sunny").choice(Mode::Required),
       {"getWeather"},
       FinishReason::ToolCalls},
      {"asked again",
       two("weather")
           .called("c1", "getWeather", "{}")
           .result("c1", "sunny")
           .say(Role::Assistant, "It is.")
           .user("time?"),
       {"get_time"},
       FinishReason::ToolCalls},
      {"instructions behind the user",
       two("weather").say(Role::Developer, "Be brief."),
       {"getWeather"},
       FinishReason::ToolCalls},
  };
  for (const ToolCase& c : cases) {
    EXPECT_EQ(names_called(c.built.call), c.called) << c.name;
    EXPECT_EQ(first_choice(c.built.call).finish, c.finish) << c.name;
    EXPECT_EQ(first_choice(c.built.call).text.empty(), !c.called.empty()) << c.name;
  }
}

TEST(ToolCalls, EndInATextThatMentionsTheResult) {
  const CallBuilder built = CallBuilder()
                                .user("weather in Oslo?")
                                .tool("get_weather", kCity)
                                .called("c1", "get_weather", "{}")
                                .result("c1", "{\"sky\":\n\"clear\"}");
  EXPECT_THAT(first_choice(built.call).text, StartsWith("According to get_weather: {\"sky\": \"clear\"}. "));
}

TEST(ToolCalls, HaveIdsOfTheirOwn) {
  CallBuilder built = CallBuilder().user("time and weather").tool("get_time").tool("get_weather");
  built.call.n = 2;
  const Reply reply = reply_to(built.call);
  const auto& calls = reply.choices[0].tool_calls;
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_THAT(calls[0].id, testing::MatchesRegex("call_[0-9A-Za-z]*"));
  EXPECT_EQ(calls[0].id.size(), 29U);
  EXPECT_NE(calls[0].id, calls[1].id);
  EXPECT_NE(calls[0].id, reply.choices[1].tool_calls[0].id);
  EXPECT_EQ(calls[0].arguments, "{}");
  EXPECT_EQ(reply.usage.completion_tokens, 2 * (2 + 1 + 3 + 1 + 1));
}

TEST(ToolCalls, AreCutByMaxTokens) {
  CallBuilder built = CallBuilder().user("weather in Oslo").tool("get_weather", kCity);
  const Reply whole = reply_to(built.call);
  const ToolCall& made = whole.choices[0].tool_calls[0];
  for (std::int64_t limit = 1; limit < whole.usage.completion_tokens; ++limit) {
    built.call.max_tokens = limit;
    const Reply cut = reply_to(built.call);
    EXPECT_EQ(cut.usage.completion_tokens, limit);
    EXPECT_EQ(cut.choices[0].finish, FinishReason::Length);
    EXPECT_EQ(cut.choices[0].tool_calls[0].name, "get_weather");
    EXPECT_THAT(made.arguments, StartsWith(cut.choices[0].tool_calls[0].arguments));
  }
  built.call.max_tokens = whole.usage.completion_tokens;
  EXPECT_EQ(first_choice(built.call).finish, FinishReason::ToolCalls);
}

TEST(ToolCalls, GiveACustomToolFreeText) {
  CallBuilder built = CallBuilder().user("run lighthouses").tool("shell");
  built.call.tools[0].is_custom = true;
  const Choice choice = first_choice(built.call);
  ASSERT_EQ(choice.tool_calls.size(), 1U);
  EXPECT_TRUE(choice.tool_calls[0].is_custom);
  EXPECT_FALSE(choice.tool_calls[0].arguments.empty());
}

TEST(ResponseFormat, JsonObjectMentionsThePrompt) {
  const Choice choice =
      first_choice(CallBuilder().user("json about \"lighthouses\"").format(ResponseFormat::Kind::JsonObject).call);
  const auto parsed = parse_json(choice.text);
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->root().is_object());
  EXPECT_THAT(choice.text, HasSubstr("lighthouses"));
}

TEST(ResponseFormat, JsonSchemaIsCutByMaxTokens) {
  CallBuilder built = CallBuilder().user("Where?").format(ResponseFormat::Kind::JsonSchema, kCity);
  const Choice whole = first_choice(built.call);
  EXPECT_TRUE(parse_json(whole.text)->root().find("city").is_string());
  built.call.max_tokens = 2;
  const Choice cut = first_choice(built.call);
  EXPECT_THAT(whole.text, StartsWith(cut.text));
  EXPECT_EQ(cut.finish, FinishReason::Length);
}

// The two examples that the vendor documents; "assistant" counts two in the estimate, so the first is one more.
TEST(PromptTokens, FollowTheCookbook) {
  EXPECT_EQ(prompt_tokens(CallBuilder().user("Say this is a test!").call), 13);
  EXPECT_EQ(prompt_tokens(CallBuilder().say(Role::Developer, "You are a helpful assistant.").user("Hello!").call),
            19 + 1);
  CallBuilder named = CallBuilder().user("Say this is a test!");
  named.call.messages[0].name = "ann";
  EXPECT_EQ(prompt_tokens(named.call), 13 + 2);
  named.call.messages[0].images = 2;
  EXPECT_EQ(prompt_tokens(named.call), 15 + 2 * 765);
  const Call plain = CallBuilder().user("hi").call;
  EXPECT_GT(prompt_tokens(CallBuilder().user("hi").tool("f", kCity).call), prompt_tokens(plain) + 7);
}

}  // namespace
}  // namespace mimus::server
