#include "server/store_stats.h"

#include <gtest/gtest.h>

#include "server/endpoints/app_desk.h"

namespace mimus::server {
namespace {

StoreStats stats_of(const AppDesk& desk, std::string_view name) {
  for (const KindOfState& kind : store_stats(desk.services())) {
    if (kind.name == name) return kind.stats;
  }
  ADD_FAILURE() << name;
  return {};
}

// The same caps hold for each kind, and what went for want of room is counted.
TEST(StoreStats, CountWhatIsKeptAndWhatMadeRoom) {
  StoreCaps caps;
  caps.entries = 3;
  AppDesk desk("openai", caps);
  const std::string form =
      "--b\r\ncontent-disposition: form-data; name=\"purpose\"\r\n\r\nuser_data\r\n"
      "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nHello\r\n--b--\r\n";
  const char* const chat = R"({"model":"gpt-4o","store":true,"messages":[{"role":"user","content":"Hi"}]})";
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(desk.ask("POST", "/v1/files", form, "multipart/form-data; boundary=b").status, 200);
    EXPECT_EQ(desk.post("/v1/chat/completions", chat).status, 200);
    EXPECT_EQ(desk.post("/v1/responses", R"({"model":"gpt-4o","input":"Hi"})").status, 200);
    EXPECT_EQ(desk.post("/v1/conversations", "{}").status, 200);
    EXPECT_EQ(
        desk.post("/v1/uploads", R"({"filename":"a","purpose":"batch","bytes":5,"mime_type":"application/jsonl"})")
            .status,
        200);
  }
  for (const char* name : {"files", "completions", "responses", "conversations", "uploads"}) {
    EXPECT_EQ(stats_of(desk, name).entries, 3u) << name;
    EXPECT_EQ(stats_of(desk, name).evicted, 2u) << name;
  }
  EXPECT_GE(stats_of(desk, "files").bytes, 15u);
  EXPECT_EQ(stats_of(desk, "batches").entries, 0u);
  EXPECT_EQ(stats_of(desk, "limits").entries, 0u);
}

}  // namespace
}  // namespace mimus::server
