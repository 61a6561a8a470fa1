#include "server/state/batch.h"

#include <thread>

#include <gtest/gtest.h>

#include "api/json.h"
#include "server/state/batch_store.h"

namespace mimus::server {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr WallTime kNow{seconds(1'700'000'000)};

std::string line(const std::string& id, const std::string& url = "/v1/chat/completions") {
  return R"({"custom_id":")" + id + R"(","method":"POST","url":")" + url + R"(","body":{"model":"m","id":")" + id +
         "\"}}\n";
}

BatchInfo info() {
  BatchInfo info;
  info.id = "batch_1";
  info.endpoint = "/v1/chat/completions";
  info.times.created = kNow;
  info.times.expires = kNow + hours(24);
  return info;
}

std::shared_ptr<const std::string> text(std::string content) {
  return std::make_shared<const std::string>(std::move(content));
}

// Requests whose id begins with "bad" are refused; files are called by their number.
struct Desk {
  std::vector<std::string> files;
  int executed = 0;
  BatchWork work{[this](const BatchRequest& request) {
                   ++executed;
                   const bool bad = request.custom_id.starts_with("bad");
                   return BatchReply{bad ? 400 : 200, "req_" + request.custom_id, request.body};
                 },
                 [this](std::string_view, std::string content) {
                   files.push_back(std::move(content));
                   return "file-" + std::to_string(files.size());
                 }};
};

TEST(Batch, PassesThroughEveryStateAndKeepsItsBooks) {
  Desk desk;
  Batch batch(info(), text(line("a") + "\n" + line("bad") + line("c")));
  std::string states;
  for (int i = 0; i < 8; ++i) {
    states += std::string(name_of(batch.info().status)) + " ";
    batch.step(kNow + seconds(i), BatchSlice{2}, desk.work);
  }
  EXPECT_EQ(states, "validating in_progress in_progress finalizing completed completed completed completed ");
  const BatchInfo& done = batch.info();
  EXPECT_EQ(done.total, 3u);
  EXPECT_EQ(done.completed, 2u);
  EXPECT_EQ(done.failed, 1u);
  EXPECT_EQ(done.times.in_progress, kNow);
  EXPECT_EQ(done.times.finalizing, kNow + seconds(2));
  EXPECT_EQ(done.times.completed, kNow + seconds(3));
  EXPECT_EQ(desk.executed, 3);
  ASSERT_EQ(desk.files.size(), 2u);
  EXPECT_EQ(done.output_file_id, "file-1");
  EXPECT_EQ(done.error_file_id, "file-2");
  EXPECT_EQ(
      desk.files[0],
      R"({"id":"batch_req_1_1","custom_id":"a","response":{"status_code":200,"request_id":"req_a","body":{"model":"m","id":"a"}},"error":null})"
      "\n"
      R"({"id":"batch_req_1_3","custom_id":"c","response":{"status_code":200,"request_id":"req_c","body":{"model":"m","id":"c"}},"error":null})"
      "\n");
  EXPECT_NE(desk.files[1].find(R"("custom_id":"bad","response":{"status_code":400)"), std::string::npos);
}

TEST(Batch, FailsWithTheReasonsOfItsFile) {
  struct Row {
    std::string file;
    const char* code;
    std::optional<std::size_t> line;
  };
  std::string many;
  for (int i = 0; i <= 50'000; ++i) many += line(std::to_string(i));
  const Row rows[] = {
      {"", "empty_file", {}},
      {"\n \r\n", "empty_file", {}},
      {line("a") + "{nonsense\n", "invalid_json_line", 2},
      {line("a") + "\n[]\n", "invalid_request", 3},
      {R"({"method":"POST","url":"/v1/chat/completions","body":{}})", "missing_required_parameter", 1},
      {R"({"custom_id":"a","method":"POST","url":"/v1/chat/completions"})", "missing_required_parameter", 1},
      {R"({"custom_id":"a","method":"GET","url":"/v1/chat/completions","body":{}})", "invalid_method", 1},
      {line("a", "/v1/embeddings"), "invalid_url", 1},
      {line("a") + line("b") + line("a"), "duplicate_custom_id", 3},
      {many, "too_many_tasks", 50'001},
  };
  for (const Row& row : rows) {
    Desk desk;
    Batch batch(info(), text(row.file));
    batch.step(kNow, BatchSlice{10}, desk.work);
    EXPECT_EQ(batch.info().status, BatchStatus::Failed) << row.code;
    EXPECT_EQ(batch.info().times.failed, kNow);
    ASSERT_EQ(batch.info().errors.size(), 1u) << row.code;
    EXPECT_EQ(batch.info().errors[0].code, row.code);
    EXPECT_EQ(batch.info().errors[0].line, row.line);
    EXPECT_EQ(desk.executed, 0);
  }
}

TEST(Batch, ReportsNoMoreThanAHundredMistakes) {
  std::string file;
  for (int i = 0; i < 500; ++i) file += "{\n";
  EXPECT_EQ(read_batch_input(file, "/v1/embeddings").errors.size(), 100u);
}

TEST(Batch, IsCancelledInTwoStepsAndKeepsWhatItHas) {
  Desk desk;
  Batch batch(info(), text(line("a") + line("b")));
  batch.step(kNow, BatchSlice{1}, desk.work);
  batch.step(kNow, BatchSlice{1}, desk.work);
  EXPECT_TRUE(batch.cancel(kNow + seconds(5)));
  EXPECT_EQ(batch.info().status, BatchStatus::Cancelling);
  EXPECT_FALSE(batch.cancel(kNow + seconds(6)));
  batch.step(kNow + seconds(7), BatchSlice{1}, desk.work);
  EXPECT_EQ(batch.info().status, BatchStatus::Cancelled);
  EXPECT_EQ(batch.info().times.cancelled, kNow + seconds(7));
  EXPECT_FALSE(batch.cancel(kNow + seconds(8)));
  EXPECT_EQ(desk.executed, 1);
  EXPECT_EQ(batch.info().output_file_id, "file-1");
  EXPECT_EQ(batch.info().error_file_id, "");
}

TEST(Batch, ExpiresAfterItsDayAndNamesWhatWasNotRun) {
  Desk desk;
  Batch batch(info(), text(line("a") + line("b")));
  batch.step(kNow, BatchSlice{1}, desk.work);
  batch.step(kNow, BatchSlice{1}, desk.work);
  batch.step(kNow + hours(24), BatchSlice{1}, desk.work);
  EXPECT_EQ(batch.info().status, BatchStatus::Expired);
  EXPECT_EQ(batch.info().failed, 1u);
  ASSERT_EQ(desk.files.size(), 2u);
  EXPECT_NE(desk.files[1].find(R"("custom_id":"b","response":null,"error":{"code":"batch_expired")"),
            std::string::npos);
}

TEST(BatchStore, ShowsEachBatchAndItsPages) {
  BatchStore store({10, 100'000});
  for (const char* id : {"batch_1", "batch_2", "batch_3"}) {
    BatchInfo each = info();
    each.id = id;
    ASSERT_TRUE(store.put(each, text(line("a"))));
  }
  Desk desk;
  bool accepted = false;
  EXPECT_EQ(store.step("batch_1", kNow, BatchSlice{10}, desk.work)->status, BatchStatus::InProgress);
  EXPECT_EQ(store.find("batch_1")->status, BatchStatus::InProgress);
  EXPECT_EQ(store.cancel("batch_1", kNow, accepted)->status, BatchStatus::Cancelling);
  EXPECT_TRUE(accepted);
  EXPECT_FALSE(store.find("batch_x") || store.step("batch_x", kNow, BatchSlice{1}, desk.work) ||
               store.cancel("batch_x", kNow, accepted));
  const auto page = store.page({"batch_3", 1, ListOrder::Descending});
  ASSERT_TRUE(page && page->items.size() == 1);
  EXPECT_EQ(page->items[0].id, "batch_2");
  EXPECT_TRUE(page->has_more);
  EXPECT_FALSE(store.page({"batch_x", 1, ListOrder::Descending}));
}

TEST(BatchStore, DropsABatchThatOutgrowsIt) {
  BatchStore store({10, 5'000});
  ASSERT_TRUE(store.put(info(), text(line("a"))));
  const BatchWork verbose{[](const BatchRequest&) {
                            return BatchReply{200, "r", '"' + std::string(9'000, 'x') + '"'};
                          },
                          [](std::string_view, const std::string&) { return std::string("file-1"); }};
  store.step("batch_1", kNow, BatchSlice{1}, verbose);
  EXPECT_EQ(store.step("batch_1", kNow, BatchSlice{1}, verbose)->status, BatchStatus::Finalizing);
  EXPECT_FALSE(store.find("batch_1"));
}

TEST(BatchStore, RunsEachRequestOnceHoweverManyPoll) {
  BatchStore store({10, 1'000'000});
  std::string file;
  for (int i = 0; i < 200; ++i) file += line(std::to_string(i));
  ASSERT_TRUE(store.put(info(), text(file)));
  std::atomic<int> executed = 0;
  const BatchWork work{[&](const BatchRequest&) {
                         return ++executed, BatchReply{200, "r", "{}"};
                       },
                       [](std::string_view, const std::string&) { return std::string("file-1"); }};
  std::vector<std::thread> pollers;
  for (int i = 0; i < 8; ++i) {
    pollers.emplace_back([&] {
      for (int turn = 0; turn < 100'000; ++turn) {
        if (store.step("batch_1", kNow, BatchSlice{3}, work)->status == BatchStatus::Completed) return;
      }
    });
  }
  for (std::thread& poller : pollers) poller.join();
  EXPECT_EQ(store.find("batch_1")->status, BatchStatus::Completed);
  EXPECT_EQ(store.find("batch_1")->completed, 200u);
  EXPECT_EQ(executed.load(), 200);
}

}  // namespace
}  // namespace mimus::server
