#include "server/match/directives.h"

#include <gtest/gtest.h>

namespace mimus::server {
namespace {

using namespace std::chrono_literals;

const Vocabulary kVocabulary = {.operations = {},
                                .situations = {"rate_limited", "server_error"},
                                .deviations = {"chat.stream.ends-with-done"},
                                .fault_problem = [](std::string_view fault) -> std::optional<std::string> {
                                  if (fault.starts_with("cut")) return std::nullopt;
                                  return "unknown fault";
                                }};

TEST(Directives, AreReadFromOneLine) {
  const auto read = parse_directives(
      " tokens=512; ttft=200ms;token=1.5ms "
      ";jitter=lognormal:0.3;chunk_tokens=2;echo;status=503;error=rate_limited;first=2;"
      "fault=cut:after_chunks=3,end=reset;fault=cut:x;deviate=chat.stream.ends-with-done;",
      kVocabulary);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->tokens, 512);
  EXPECT_EQ(read->ttft, Duration(200ms));
  EXPECT_EQ(read->token, Duration(1500us));
  EXPECT_EQ(read->jitter, (Jitter{Jitter::Kind::LogNormal, 300'000}));
  EXPECT_EQ(read->chunk_tokens, 2);
  EXPECT_TRUE(read->echo);
  EXPECT_EQ(read->status, 503);
  EXPECT_EQ(read->error, "rate_limited");
  EXPECT_EQ(read->first, 2);
  EXPECT_EQ(read->faults, (std::vector<std::string>{"cut:after_chunks=3,end=reset", "cut:x"}));
  EXPECT_EQ(read->deviations, (std::vector<std::string>{"chat.stream.ends-with-done"}));
}

TEST(Directives, OfAnEmptyTextAreNone) {
  const auto read = parse_directives("", kVocabulary);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->is_empty());
}

TEST(Directives, NameWhatIsWrong) {
  struct Row {
    const char* text;
    const char* error;
  };
  const Row rows[] = {
      {"tokns=5", "unknown directive \"tokns\", did you mean \"tokens\"?"},
      {"xyz", "unknown directive \"xyz\""},
      {"tokens", "directive \"tokens\" needs a value"},
      {"echo=1", "directive \"echo\" takes no value"},
      {"tokens=-1", "directive \"tokens\": expected a number from 0 to 1000000, found \"-1\""},
      {"tokens=5x", "directive \"tokens\": expected a number from 0 to 1000000, found \"5x\""},
      {"ttft=200",
       "directive \"ttft\": expected a duration such as 200ms, 1.5s or 80us, at most an hour, found \"200\""},
      {"ttft=2h", "directive \"ttft\": expected a duration such as 200ms, 1.5s or 80us, at most an hour, found \"2h\""},
      {"ttft=61m",
       "directive \"ttft\": expected a duration such as 200ms, 1.5s or 80us, at most an hour, found \"61m\""},
      {"jitter=0.3", "directive \"jitter\": expected lognormal:CV, uniform:F or none, found \"0.3\""},
      {"jitter=uniform:2", "directive \"jitter\": expected uniform:N with N from 0 to 1, found \"uniform:2\""},
      {"status=99", "directive \"status\": expected a number from 400 to 599, found \"99\""},
      {"status=200", "directive \"status\": expected a number from 400 to 599, found \"200\""},
      {"status=301", "directive \"status\": expected a number from 400 to 599, found \"301\""},
      {"error=rate_limitd", "directive \"error\": unknown situation \"rate_limitd\", did you mean \"rate_limited\"?"},
      {"fault=cat", "directive \"fault\": unknown fault"},
      {"deviate=nope", "directive \"deviate\": unknown check \"nope\""},
      {"tokens=1;tokens=2", "directive \"tokens\" is given twice"},
      {"first=2", "directive \"first\" says how often an error comes: it needs \"status\" or \"error\" beside it"},
  };
  for (const Row& row : rows) {
    const auto read = parse_directives(row.text, kVocabulary);
    ASSERT_FALSE(read) << row.text;
    EXPECT_EQ(read.error().message, row.error);
  }
}

TEST(Directives, RideBehindTheModelName) {
  const SteeredModel steered = split_model("gpt-4o;tokens=512;ttft=200ms");
  EXPECT_EQ(steered.model, "gpt-4o");
  EXPECT_EQ(steered.directives, "tokens=512;ttft=200ms");
  EXPECT_EQ(split_model("ft:gpt-4o:org::id").model, "ft:gpt-4o:org::id");
  EXPECT_EQ(split_model("ft:gpt-4o:org::id").directives, "");
}

TEST(Directives, OfTheStrongerReplaceThoseOfTheWeaker) {
  const auto weak = parse_directives("tokens=1;ttft=1ms;status=500;first=3;fault=cut:a", kVocabulary);
  const auto strong = parse_directives("ttft=2ms;error=rate_limited;fault=cut:b", kVocabulary);
  ASSERT_TRUE(weak && strong);
  const Directives both = merged(*weak, *strong);
  EXPECT_EQ(both.tokens, 1);
  EXPECT_EQ(both.ttft, Duration(2ms));
  EXPECT_EQ(both.error, "rate_limited");
  EXPECT_EQ(both.status, std::nullopt);
  EXPECT_EQ(both.first, std::nullopt);
  EXPECT_EQ(both.faults, (std::vector<std::string>{"cut:b"}));
}

}  // namespace
}  // namespace mimus::server
