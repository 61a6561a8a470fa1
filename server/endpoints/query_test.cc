#include "server/endpoints/query.h"

#include <gtest/gtest.h>

namespace mimus::server {
namespace {

TEST(Query, FindsDecodedValues) {
  struct Row {
    const char* query;
    const char* name;
    std::optional<std::string> value;
  };
  const Row rows[] = {{"a=1&b=2", "b", "2"},
                      {"a=1", "b", std::nullopt},
                      {"", "a", std::nullopt},
                      {"a", "a", ""},
                      {"a=", "a", ""},
                      {"a=x%20y+z", "a", "x y z"},
                      {"metadata%5Bk%5D=v", "metadata[k]", "v"},
                      {"a=1&a=2", "a", "1"},
                      {"&&a=b=c", "a", "b=c"}};
  for (const Row& row : rows) EXPECT_EQ(find_query(row.query, row.name), row.value) << row.query;
}

TEST(Query, ReadsWhichPageIsAskedFor) {
  const auto page = read_page_query("limit=3&order=asc&after=file-1", 20, 100, ListOrder::Descending);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->limit, 3u);
  EXPECT_EQ(page->order, ListOrder::Ascending);
  EXPECT_EQ(page->after, "file-1");
  EXPECT_EQ(read_page_query("", 20, 100, ListOrder::Descending)->limit, 20u);
}

TEST(Query, RefusesNonsense) {
  for (const char* query : {"limit=0", "limit=101", "limit=-1", "limit=x", "limit=", "limit=1x",
                            "limit=99999999999999999999999", "order=up", "order="}) {
    EXPECT_FALSE(read_page_query(query, 20, 100, ListOrder::Descending)) << query;
  }
}

}  // namespace
}  // namespace mimus::server
