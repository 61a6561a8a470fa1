#include <gmock/gmock.h>

#include "server/endpoints/app_desk.h"

namespace mimus::server {
namespace {

constexpr const char* kForm = "multipart/form-data; boundary=b";

std::string field(const std::string& name, const std::string& value, const std::string& more = "") {
  return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"" + more + "\r\n\r\n" + value + "\r\n";
}

std::string upload(const std::string& content, const std::string& purpose = "user_data", const std::string& more = "") {
  const std::string name = purpose == "batch" ? "a.jsonl" : "a.txt";
  return field("purpose", purpose) + more + field("file", content, "; filename=\"" + name + "\"") + "--b--\r\n";
}

TEST(Files, AreKeptListedReadAndDeleted) {
  AppDesk desk;
  const std::string content("line\r\n\0\xff end", 13);
  const Answered file = desk.ask("POST", "/v1/files", upload(content), kForm);
  ASSERT_EQ(file.status, 200) << file.body;
  const std::string id = file.at("/id");
  EXPECT_THAT(id, testing::StartsWith("file-"));
  EXPECT_EQ(file.at("/object"), "file");
  EXPECT_EQ(file.at("/bytes"), "13");
  EXPECT_EQ(file.at("/filename"), "a.txt");
  EXPECT_EQ(file.at("/purpose"), "user_data");
  EXPECT_EQ(file.at("/created_at"), "1700000000");
  EXPECT_EQ(file.at("/expires_at"), "null");
  EXPECT_EQ(file.at("/status"), "processed");
  EXPECT_EQ(desk.get("/v1/files/" + id).body, file.body);
  const Answered read = desk.get("/v1/files/" + id + "/content");
  EXPECT_EQ(read.body, content);
  EXPECT_EQ(read.header("content-type"), "application/octet-stream");
  EXPECT_EQ(desk.ask("DELETE", "/v1/files/" + id, "", "").body,
            R"({"id":")" + id + R"(","object":"file","deleted":true})");
  EXPECT_EQ(desk.get("/v1/files/" + id).status, 404);
  EXPECT_EQ(desk.ask("DELETE", "/v1/files/" + id, "", "").status, 404);
}

TEST(Files, ExpireWhenAskedToAndBatchesAfterAMonth) {
  AppDesk desk;
  const std::string expiry = field("expires_after[anchor]", "created_at") + field("expires_after[seconds]", "3600");
  EXPECT_EQ(desk.ask("POST", "/v1/files", upload("x", "vision", expiry), kForm).at("/expires_at"), "1700003600");
  EXPECT_EQ(desk.ask("POST", "/v1/files", upload("{}", "batch"), kForm).at("/expires_at"), "1702592000");
}

TEST(Files, AreListedPageByPage) {
  AppDesk desk;
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    ids.push_back(desk.ask("POST", "/v1/files", upload("{}", i == 2 ? "vision" : "batch"), kForm).at("/id"));
  }
  const Answered newest = desk.get("/v1/files?limit=2");
  EXPECT_EQ(newest.at("/object"), "list");
  EXPECT_EQ(newest.at("/data/0/id"), ids[4]);
  EXPECT_EQ(newest.at("/first_id"), ids[4]);
  EXPECT_EQ(newest.at("/last_id"), ids[3]);
  EXPECT_EQ(newest.at("/has_more"), "true");
  const Answered rest = desk.get("/v1/files?limit=3&after=" + ids[3]);
  EXPECT_EQ(rest.at("/last_id"), ids[0]);
  EXPECT_EQ(rest.at("/has_more"), "false");
  EXPECT_EQ(desk.get("/v1/files?order=asc").at("/first_id"), ids[0]);
  EXPECT_EQ(desk.get("/v1/files?purpose=vision").at("/first_id"), ids[2]);
  const Answered none = desk.get("/v1/files?purpose=evals");
  EXPECT_EQ(none.at("/data"), "[]");
  EXPECT_EQ(none.at("/first_id"), "null");
  EXPECT_EQ(none.at("/has_more"), "false");
}

TEST(Files, RefuseABadUpload) {
  AppDesk desk;
  struct Row {
    std::string body;
    std::string type;
    int status;
    std::string code;
    std::string param;
  };
  const std::string purpose = field("purpose", "batch");
  const std::string file = field("file", "x", "; filename=\"a\"");
  const std::string anchor = field("expires_after[anchor]", "created_at");
  const Row rows[] = {
      {"{}", "application/json", 400, "unsupported_content_type", "null"},
      {"", "", 400, "unsupported_content_type", "null"},
      {"", kForm, 400, "null", "null"},
      {purpose + file, kForm, 400, "null", "null"},
      {purpose + file + "--b--", "multipart/form-data", 400, "null", "null"},
      {purpose + "--b--", kForm, 400, "missing_required_parameter", "file"},
      {file + "--b--", kForm, 400, "missing_required_parameter", "purpose"},
      {upload("x", "whatever"), kForm, 400, "invalid_value", "purpose"},
      {upload("x", "\xff"), kForm, 400, "invalid_value", "purpose"},
      {upload("{}", "batch", anchor), kForm, 400, "missing_required_parameter", "expires_after[seconds]"},
      {upload("{}", "batch", field("expires_after[seconds]", "9999")), kForm, 400, "missing_required_parameter",
       "expires_after[anchor]"},
      {upload("{}", "batch", anchor + field("expires_after[seconds]", "soon")), kForm, 400, "invalid_type",
       "expires_after[seconds]"},
      {upload("{}", "batch", anchor + field("expires_after[seconds]", "3599")), kForm, 400, "integer_below_min_value",
       "expires_after[seconds]"},
      {upload("{}", "batch", anchor + field("expires_after[seconds]", "2592001")), kForm, 400,
       "integer_above_max_value", "expires_after[seconds]"},
      {upload("{}", "batch", field("expires_after[anchor]", "now") + field("expires_after[seconds]", "9999")), kForm,
       400, "invalid_value", "expires_after[anchor]"},
  };
  for (const Row& row : rows) {
    const Answered answer = desk.ask("POST", "/v1/files", row.body, row.type);
    EXPECT_EQ(answer.status, row.status) << row.body << answer.body;
    EXPECT_EQ(answer.at("/error/code"), row.code) << row.body << answer.body;
    EXPECT_EQ(answer.at("/error/param"), row.param) << row.body << answer.body;
  }
  EXPECT_EQ(desk.get("/v1/files").at("/data"), "[]");
}

TEST(Files, TakeForBatchesOnlyLinesOfJson) {
  AppDesk desk;
  const auto file = [](const std::string& name, const std::string& content) {
    return field("purpose", "batch") + field("file", content, "; filename=\"" + name + "\"") + "--b--\r\n";
  };
  for (const std::string& body : {file("a.txt", "{}"), file("a.jsonl", ""), file("a.jsonl", "{nonsense\n{}")}) {
    const Answered answer = desk.ask("POST", "/v1/files", body, kForm);
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.at("/error/message"), "Invalid file format for Batch API. Must be .jsonl");
  }
  // Later lines are the batch's business, as they are at the real API.
  EXPECT_EQ(desk.ask("POST", "/v1/files", file("a.jsonl", "\r\n{\"a\":1}\r\n{nonsense"), kForm).status, 200);
}

TEST(Files, TakeAHundredMegabytesAndNoMoreThanTheStoreKeeps) {
  const std::string content(100'000'000, 'x');
  AppDesk desk;
  const Answered file = desk.ask("POST", "/v1/files", upload(content), kForm);
  EXPECT_EQ(file.at("/bytes"), "100000000");
  EXPECT_EQ(desk.get("/v1/files/" + file.at("/id") + "/content").body.size(), content.size());
  AppDesk small("openai", {10, 1'000'000});
  const Answered refused = small.ask("POST", "/v1/files", upload(content), kForm);
  EXPECT_EQ(refused.status, 413);
  EXPECT_EQ(refused.at("/error/message"), "413: Maximum content size limit (1000000) exceeded (100000000 bytes read)");
}

TEST(Files, RefuseNonsenseInAList) {
  AppDesk desk;
  for (const char* query : {"limit=0", "limit=10001", "limit=x", "order=up"}) {
    EXPECT_EQ(desk.get("/v1/files?" + std::string(query)).at("/error/code"), "invalid_value") << query;
  }
  EXPECT_EQ(desk.get("/v1/files?after=file-x").status, 404);
  const Answered unknown = desk.get("/v1/files/file-x");
  EXPECT_EQ(unknown.at("/error/message"), "No such File object: file-x");
  EXPECT_EQ(unknown.at("/error/param"), "id");
}

TEST(Files, StayWithinTheCapOfTheStore) {
  AppDesk desk("openai", {2, 2'000});
  EXPECT_EQ(desk.ask("POST", "/v1/files", upload(std::string(3'000, 'x')), kForm).status, 413);
  for (int i = 0; i < 3; ++i) desk.ask("POST", "/v1/files", upload("x"), kForm);
  EXPECT_EQ(desk.get("/v1/files").at("/data/1/filename"), "a.txt");
  EXPECT_EQ(desk.get("/v1/files").at("/data/2"), "missing");
  EXPECT_EQ(desk.ask("POST", "/v1/files", upload(""), kForm).at("/bytes"), "0");
}

}  // namespace
}  // namespace mimus::server
