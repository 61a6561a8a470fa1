#include "server/limits/limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mimus::server {
namespace {

constexpr WallTime kNow{std::chrono::seconds(1'700'000'000)};

Dialect load(const char* name) {
  auto dialect = load_dialect(name);
  EXPECT_TRUE(dialect) << name;
  return std::move(*dialect);
}

struct Desk {
  explicit Desk(const char* name, const LimitOptions& options) : dialect(load(name)) {
    const Dialect* views[] = {&dialect};
    auto created = Limits::create(options, views);
    EXPECT_TRUE(created) << (created ? "" : created.error().text());
    if (created) limits = std::move(*created);
  }
  const Limits::Counter* counter(const char* operation) const {
    return limits->find(*dialect.find_endpoint(operation));
  }
  Dialect dialect;
  std::unique_ptr<Limits> limits;
};

TEST(Limits, AreOffWithoutPlanAndNumbers) {
  const Desk desk("platform", {});
  EXPECT_EQ(desk.counter("chat.completions"), nullptr);
  EXPECT_TRUE(desk.limits->snapshot(kNow).empty());
}

TEST(Limits, TakeNumbersOverThoseOfThePlan) {
  struct Row {
    const char* dialect;
    LimitOptions options;
    const char* operation;
    const char* limit_class;  // "" for not limited
    MinuteLimits limits;
  };
  const Row rows[] = {
      {"platform", {"free", {}, {}}, "chat.completions", "chat", {10, {}}},
      {"platform", {"free", {}, {}}, "models.list", "chat", {10, {}}},
      {"platform", {"free", {}, {}}, "images.generations", "images", {5, {}}},
      {"platform", {"free", {}, {}}, "images.file", "", {}},
      {"platform", {"pro", 7, {}}, "images.generations", "images", {7, {}}},
      {"platform", {"enterprise", 7, 900}, "chat.completions", "chat", {7, 900}},
      {"ozwell", {"pro", {}, {}}, "files.create", "api", {100, 100'000}},
      {"ozwell", {"pro", {}, 50}, "embeddings", "api", {100, 50}},
      {"openai", {"", 3, {}}, "chat.completions", "api", {3, {}}},
      {"openai", {"", 3, {}}, "models.list", "", {}},
      {"ramclouds", {"", {}, 4}, "embeddings", "api", {{}, 4}},
  };
  for (const Row& row : rows) {
    const Desk desk(row.dialect, row.options);
    const Limits::Counter* counter = desk.counter(row.operation);
    EXPECT_EQ(counter == nullptr ? "" : counter->limit_class, row.limit_class) << row.dialect << " " << row.operation;
    if (counter == nullptr) continue;
    EXPECT_EQ(counter->limits, row.limits) << row.dialect << " " << row.operation;
    EXPECT_EQ(counter->is_counted, std::string(row.operation) != "models.list");
  }
}

TEST(Limits, SayWhichPlansThereAre) {
  struct Row {
    std::vector<const char*> dialects;
    const char* plan;
    const char* says;  // "" for accepted
  };
  const Row rows[] = {
      {{"openai"}, "free", "no dialect here documents plans, found \"free\""},
      {{"platform"}, "gold", "enterprise (platform), free (platform), pro (platform), standard (platform), found"},
      {{"platform"}, "enterprise", "set by contract: give yours with --rpm and --tpm"},
      {{"openai", "platform"}, "standard", ""},
      {{"ozwell", "platform"}, "standard", ""},
  };
  for (const Row& row : rows) {
    std::vector<std::unique_ptr<Dialect>> dialects;
    std::vector<const Dialect*> views;
    for (const char* name : row.dialects) {
      dialects.push_back(std::make_unique<Dialect>(load(name)));
      views.push_back(dialects.back().get());
    }
    const auto limits = Limits::create({row.plan, {}, {}}, views);
    EXPECT_EQ(static_cast<bool>(limits), *row.says == '\0') << row.plan;
    if (!limits) {
      EXPECT_THAT(limits.error().text(), testing::HasSubstr(row.says));
      EXPECT_THAT(limits.error().text(), testing::StartsWith("--plan: "));
    }
  }
}

TEST(Limits, GiveBackTheTokensThatAReplyDidNotUse) {
  const Desk desk("openai", {"", {}, 1'000});
  const Limits::Counter& counter = *desk.counter("chat.completions");
  const char* const body = R"({"model":"m","messages":[{"content":"12345678"}],"max_tokens":600})";
  const auto first = desk.limits->admit(counter, "k", body, kNow);
  EXPECT_EQ(first.estimated, 602);
  EXPECT_EQ(first.decision.tokens->remaining, 398);
  const auto refused = desk.limits->admit(counter, "k", body, kNow);
  EXPECT_EQ(limit_refusal(refused).situation, "rate_limited_tokens");
  EXPECT_EQ(refused.model, "m");
  desk.limits->settle(first, "k", std::nullopt, kNow);
  EXPECT_EQ(desk.limits->snapshot(kNow)[0].state.tokens->used, 602);
  desk.limits->settle(first, "k", 12, kNow);
  EXPECT_EQ(desk.limits->snapshot(kNow)[0].state.tokens->used, 12);
  EXPECT_TRUE(desk.limits->admit(counter, "k", body, kNow).decision.is_admitted());
  desk.limits->settle(refused, "k", 0, kNow);  // was not charged, so nothing comes back
  EXPECT_EQ(desk.limits->snapshot(kNow)[0].state.tokens->used, 614);
}

TEST(Limits, ForgetWhatWasUsedWhenReset) {
  const Desk desk("platform", {"free", {}, {}});
  const Limits::Counter& counter = *desk.counter("images.generations");
  for (int i = 0; i < 6; ++i) (void)desk.limits->admit(counter, "k", "{}", kNow);
  EXPECT_FALSE(desk.limits->admit(counter, "k", "{}", kNow).decision.is_admitted());
  EXPECT_EQ(desk.limits->stats().keys, 1u);
  desk.limits->reset();
  EXPECT_EQ(desk.limits->stats().keys, 0u);
  EXPECT_TRUE(desk.limits->admit(counter, "k", "{}", kNow).decision.is_admitted());
}

}  // namespace
}  // namespace mimus::server
