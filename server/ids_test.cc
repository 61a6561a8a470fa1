#include "server/ids.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <thread>
#include <vector>

namespace mimus::server {
namespace {

TEST(Ids, HaveTheShapeOfTheirKind) {
  const struct {
    IdKind kind;
    const char* shape;
  } rows[] = {
      {IdKind::ChatCompletion, "chatcmpl-[0-9A-Za-z]{29}"},
      {IdKind::Completion, "cmpl-[0-9A-Za-z]{29}"},
      {IdKind::ToolCall, "call_[0-9A-Za-z]{24}"},
      {IdKind::Request, "req_[0-9a-f]{32}"},
      {IdKind::Response, "resp_[0-9a-f]{48}"},
      {IdKind::Message, "msg_[0-9a-f]{48}"},
      {IdKind::FunctionCall, "fc_[0-9a-f]{48}"},
      {IdKind::CustomToolCall, "ctc_[0-9a-f]{48}"},
      {IdKind::Reasoning, "rs_[0-9a-f]{48}"},
      {IdKind::File, "file-[0-9A-Za-z]{22}"},
      {IdKind::Batch, "batch_[0-9a-f]{32}"},
      {IdKind::BatchRequest, "batch_req_[0-9a-f]{32}"},
      {IdKind::Moderation, "modr-[0-9A-Za-z]{29}"},
      {IdKind::Upload, "upload_[0-9a-f]{32}"},
      {IdKind::UploadPart, "part_[0-9a-f]{32}"},
      {IdKind::Conversation, "conv_[0-9a-f]{48}"},
      {IdKind::GeminiResponse, "[0-9A-Za-z]{22}"},
  };
  for (const auto& row : rows) {
    const std::string id = Ids(7).make(row.kind);
    EXPECT_TRUE(std::regex_match(id, std::regex(row.shape))) << id;
  }
  EXPECT_TRUE(std::regex_match(system_fingerprint("gpt-4o"), std::regex("fp_[0-9a-f]{10}")));
}

TEST(Ids, AreTheSameInEveryBuild) {
  EXPECT_EQ(IdSource().next(42).make(IdKind::ChatCompletion), "chatcmpl-pC0KVTDoomC7gWJyJEFKG43cpg3n4");
  EXPECT_EQ(system_fingerprint("gpt-4o-2024-08-06"), "fp_bb31012f94");
}

TEST(Ids, DifferByKindAndIndex) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) ids.insert(Ids(1).make(IdKind::Message, i).substr(4));
  for (int i = 0; i < 1000; ++i) ids.insert(Ids(1).make(IdKind::Response, i).substr(5));
  EXPECT_EQ(ids.size(), 2000U);
}

TEST(IdSource, RepeatsItselfAfterAReset) {
  IdSource ids;
  const std::uint64_t first = ids.next(5).seed();
  const std::uint64_t second = ids.next(5).seed();
  EXPECT_NE(first, second);
  ids.reset();
  EXPECT_EQ(ids.next(5).seed(), first);
  EXPECT_EQ(ids.next(5).seed(), second);
}

TEST(IdSource, DoesNotLetOtherCallsChangeTheIdsOfThisOne) {
  IdSource alone;
  IdSource mixed;
  for (std::uint64_t other = 100; other < 200; ++other) (void)mixed.next(other);
  EXPECT_EQ(alone.next(5).seed(), mixed.next(5).seed());
}

TEST(IdSource, NeverGivesAnIdTwiceEvenWhenItForgets) {
  IdSource ids(16);
  std::set<std::uint64_t> seen;
  for (int round = 0; round < 20; ++round) {
    for (std::uint64_t digest = 0; digest < 100; ++digest) seen.insert(ids.next(digest).seed());
  }
  EXPECT_EQ(seen.size(), 2000U);
}

TEST(IdSource, GivesEachOfManyThreadsItsOwn) {
  IdSource ids;
  std::vector<std::vector<std::uint64_t>> got(4);
  std::vector<std::thread> threads;
  for (auto& mine : got) {
    threads.emplace_back([&ids, &mine] {
      for (int i = 0; i < 1000; ++i) mine.push_back(ids.next(static_cast<std::uint64_t>(i % 10)).seed());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::uint64_t> all;
  for (const auto& mine : got) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), 4000U);
}

}  // namespace
}  // namespace mimus::server
