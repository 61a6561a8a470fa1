#include "server/state/capped_store.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace mimus::server {
namespace {

using Store = CappedStore<std::string>;

std::string ids_of(const std::optional<Store::Page>& page) {
  if (!page) return "nothing";
  std::string ids;
  for (const auto& [id, value] : page->items) ids += id;
  return page->has_more ? ids + "+" : ids;
}

std::string list(const Store& store) {
  return ids_of(store.page({"", 100, ListOrder::Ascending}, nullptr));
}

TEST(CappedStore, DropsTheOldestBeyondTheCapOfEntries) {
  Store store({3, 1'000});
  for (const char* id : {"a", "b", "c", "d", "e"}) EXPECT_TRUE(store.put(id, id, 1));
  EXPECT_EQ(list(store), "cde");
  EXPECT_EQ(store.find("a"), nullptr);
  EXPECT_EQ(*store.find("e"), "e");
  EXPECT_EQ(store.stats().evicted, 2u);
}

TEST(CappedStore, DropsAsManyAsTheBytesNeed) {
  Store store({100, 10});
  store.put("a", "", 4);
  store.put("b", "", 4);
  store.put("c", "", 2);
  store.put("d", "", 7);
  EXPECT_EQ(list(store), "cd");
  EXPECT_EQ(store.stats().bytes, 9u);
}

TEST(CappedStore, RefusesWhatCanNeverFitAndKeepsTheRest) {
  Store store({100, 10});
  store.put("a", "", 4);
  EXPECT_FALSE(store.put("b", "", 11));
  EXPECT_FALSE(store.put("a", "changed", 11));
  EXPECT_EQ(list(store), "a");
  EXPECT_EQ(*store.find("a"), "");
}

TEST(CappedStore, KeepsThePlaceOfAnEntryThatIsReplaced) {
  Store store({100, 10});
  store.put("a", "1", 2);
  store.put("b", "1", 2);
  store.put("a", "2", 9);  // the newer one has to go for it: what was just put stays
  EXPECT_EQ(list(store), "a");
  EXPECT_EQ(*store.find("a"), "2");
  EXPECT_EQ(store.stats().bytes, 9u);
}

TEST(CappedStore, ChangesAnEntryWhileReadersKeepTheOldOne) {
  Store store({100, 100});
  store.put("a", "old", 3);
  const auto held = store.find("a");
  EXPECT_TRUE(store.update("a", [](std::string& value) {
    value = "changed";
    return std::optional<std::size_t>(7);
  }));
  EXPECT_FALSE(store.update("a", [](std::string& value) {
    value = "not so";
    return std::optional<std::size_t>();
  }));
  EXPECT_FALSE(store.update("b", [](std::string&) { return std::optional<std::size_t>(1); }));
  EXPECT_EQ(*held, "old");
  EXPECT_EQ(*store.find("a"), "changed");
  EXPECT_EQ(store.stats().bytes, 7u);
}

TEST(CappedStore, GivesBackWhatAnErasedEntryOccupied) {
  Store store({100, 100});
  store.put("a", "", 40);
  EXPECT_TRUE(store.erase("a"));
  EXPECT_FALSE(store.erase("a"));
  EXPECT_EQ(store.stats().bytes, 0u);
  EXPECT_EQ(store.stats().evicted, 0u);
}

TEST(CappedStore, ListsPageByPageInBothOrders) {
  Store store({100, 100});
  for (const char* id : {"a", "b", "c", "d", "e"}) store.put(id, id, 1);
  struct Row {
    PageQuery query;
    const char* ids;
  };
  const Row rows[] = {
      {{"", 2, ListOrder::Ascending}, "ab+"},   {{"b", 2, ListOrder::Ascending}, "cd+"},
      {{"d", 2, ListOrder::Ascending}, "e"},    {{"e", 2, ListOrder::Ascending}, ""},
      {{"", 5, ListOrder::Ascending}, "abcde"}, {{"", 2, ListOrder::Descending}, "ed+"},
      {{"d", 2, ListOrder::Descending}, "cb+"}, {{"b", 2, ListOrder::Descending}, "a"},
      {{"a", 2, ListOrder::Descending}, ""},    {{"x", 2, ListOrder::Descending}, "nothing"},
  };
  for (const Row& row : rows) EXPECT_EQ(ids_of(store.page(row.query, nullptr)), row.ids) << row.query.after;
}

TEST(CappedStore, CountsOnlyWantedEntriesIntoAPage) {
  Store store({100, 100});
  for (const char* id : {"a", "b", "c", "d", "e"}) store.put(id, id, 1);
  const auto is_vowel = [](const std::string& value) { return value == "a" || value == "e"; };
  EXPECT_EQ(ids_of(store.page({"", 1, ListOrder::Ascending}, is_vowel)), "a+");
  EXPECT_EQ(ids_of(store.page({"", 2, ListOrder::Ascending}, is_vowel)), "ae");
  EXPECT_EQ(ids_of(store.page({"a", 1, ListOrder::Ascending}, is_vowel)), "e");
}

TEST(CappedStore, StaysWithinItsCapsWhenManyUseItAtOnce) {
  Store store({50, 500});
  std::atomic<int> changed = 0;
  std::vector<std::thread> users;
  for (int user = 0; user < 8; ++user) {
    users.emplace_back([&store, &changed, user] {
      for (int i = 0; i < 500; ++i) {
        const std::string id = std::to_string(user) + "-" + std::to_string(i);
        store.put(id, id, 10);
        changed += store.update(id,
                                [](std::string& v) {
                                  v += "!";
                                  return std::optional<std::size_t>(11);
                                })
                       ? 1
                       : 0;
        EXPECT_LE(store.page({"", 20, ListOrder::Descending}, nullptr)->items.size(), 20u);
        if (i % 3 == 0) store.erase(id);
      }
    });
  }
  for (std::thread& user : users) user.join();
  const StoreStats stats = store.stats();
  EXPECT_LE(stats.entries, 50u);
  EXPECT_LE(stats.bytes, 500u);
  EXPECT_GT(changed.load(), 0);
  std::size_t bytes = 0;
  const auto page = store.page({"", 100, ListOrder::Ascending}, nullptr);
  for (const auto& [id, value] : page->items) bytes += value->ends_with('!') ? 11 : 10;
  EXPECT_EQ(bytes, stats.bytes);
}

}  // namespace
}  // namespace mimus::server
