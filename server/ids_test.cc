#include "server/ids.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>
#include <thread>
#include <vector>

namespace mimus::server {
namespace {

bool has_shape(std::string_view id, std::string_view prefix, std::size_t length, std::string_view alphabet) {
  return id.starts_with(prefix) && id.size() == prefix.size() + length &&
         id.find_first_not_of(alphabet, prefix.size()) == std::string_view::npos;
}

TEST(Ids, HaveTheShapeOfTheirKind) {
  constexpr std::string_view kHex = "0123456789abcdef";
  constexpr std::string_view kBase62 = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  const struct {
    IdKind kind;
    std::string_view prefix;
    std::size_t length;
    std::string_view alphabet;
  } rows[] = {
      {IdKind::ChatCompletion, "chatcmpl-", 29, kBase62},
      {IdKind::Completion, "cmpl-", 29, kBase62},
      {IdKind::ToolCall, "call_", 24, kBase62},
      {IdKind::Request, "req_", 32, kHex},
      {IdKind::Response, "resp_", 48, kHex},
      {IdKind::Message, "msg_", 48, kHex},
      {IdKind::FunctionCall, "fc_", 48, kHex},
      {IdKind::CustomToolCall, "ctc_", 48, kHex},
      {IdKind::Reasoning, "rs_", 48, kHex},
      {IdKind::File, "file-", 22, kBase62},
      {IdKind::Batch, "batch_", 32, kHex},
      {IdKind::BatchRequest, "batch_req_", 32, kHex},
      {IdKind::Moderation, "modr-", 29, kBase62},
      {IdKind::Upload, "upload_", 32, kHex},
      {IdKind::UploadPart, "part_", 32, kHex},
      {IdKind::Conversation, "conv_", 48, kHex},
      {IdKind::GeminiResponse, "", 22, kBase62},
  };
  for (const auto& row : rows) {
    const std::string id = Ids(7).make(row.kind);
    EXPECT_TRUE(has_shape(id, row.prefix, row.length, row.alphabet)) << id;
  }
  EXPECT_TRUE(has_shape(system_fingerprint("gpt-4o"), "fp_", 10, kHex));
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
