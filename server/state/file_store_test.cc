#include "server/state/file_store.h"

#include <gtest/gtest.h>

#include "server/state/stored_reply.h"

namespace mimus::server {
namespace {

using std::chrono::seconds;

constexpr WallTime kNow{seconds(1'700'000'000)};

StoredFile file(const std::string& id, const std::string& purpose, std::optional<WallTime> expires = {}) {
  return {id, id + ".jsonl", purpose, std::make_shared<const std::string>("content of " + id), kNow, expires};
}

std::string ids_of(const std::optional<CappedStore<StoredFile>::Page>& page) {
  std::string ids;
  for (const auto& [id, value] : page->items) ids += id;
  return page->has_more ? ids + "+" : ids;
}

TEST(FileStore, ListsTheFilesOfAPurpose) {
  FileStore files({100, 100'000});
  for (const char* id : {"a", "b"}) files.put(file(id, "batch"));
  files.put(file("c", "vision"));
  EXPECT_EQ(ids_of(files.page({"", 10, ListOrder::Descending}, "", kNow)), "cba");
  EXPECT_EQ(ids_of(files.page({"", 10, ListOrder::Descending}, "batch", kNow)), "ba");
  EXPECT_EQ(ids_of(files.page({"", 1, ListOrder::Descending}, "batch", kNow)), "b+");
}

TEST(FileStore, ForgetsAFileWhenItsTimeIsOver) {
  FileStore files({100, 100'000});
  files.put(file("a", "batch", kNow + seconds(10)));
  EXPECT_NE(files.find("a", kNow + seconds(9)), nullptr);
  EXPECT_EQ(ids_of(files.page({"", 10, ListOrder::Descending}, "", kNow + seconds(10))), "");
  EXPECT_FALSE(files.erase("a", kNow + seconds(10)));
  EXPECT_EQ(files.stats().entries, 0u);
}

TEST(FileStore, CountsContentsIntoItsCap) {
  FileStore files({100, 1'000});
  EXPECT_FALSE(files.put({"big", "b", "batch", std::make_shared<const std::string>(1'000, 'x'), kNow, {}}));
  EXPECT_TRUE(files.put({"fits", "b", "batch", std::make_shared<const std::string>(500, 'x'), kNow, {}}));
  EXPECT_TRUE(files.put({"too", "b", "batch", std::make_shared<const std::string>(500, 'x'), kNow, {}}));
  EXPECT_EQ(files.find("fits", kNow), nullptr);
}

TEST(StoredReply, IsFoundByModelAndMetadata) {
  StoredReply reply;
  reply.model = "gpt-4o";
  reply.metadata = {{"case", "1"}, {"user", "x"}};
  EXPECT_TRUE(matches(reply, "", {}));
  EXPECT_TRUE(matches(reply, "gpt-4o", {{"case", "1"}}));
  EXPECT_FALSE(matches(reply, "gpt-5", {}));
  EXPECT_FALSE(matches(reply, "", {{"case", "2"}}));
  EXPECT_FALSE(matches(reply, "", {{"case", "1"}, {"other", "1"}}));
  EXPECT_GT(bytes_of(reply), reply.model.size());
}

}  // namespace
}  // namespace mimus::server
