#include <gmock/gmock.h>

#include "server/endpoints/app_desk.h"
#include "server/endpoints/sample_form.h"

namespace mimus::server {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string announce(const std::string& bytes, const std::string& more = "") {
  return R"({"filename":"a.bin","purpose":"vision","mime_type":"application/octet-stream","bytes":)" + bytes + more +
         "}";
}

std::string part(const std::string& data, const std::string& name = "data") {
  return form_file(name, data, "blob", "application/octet-stream") + "--b--\r\n";
}

class UploadDesk : public testing::Test {
 protected:
  std::string create(const std::string& bytes, const std::string& more = "") {
    return desk.post("/v1/uploads", announce(bytes, more)).at("/id");
  }
  Answered add(const std::string& id, const std::string& data) {
    return desk.ask("POST", "/v1/uploads/" + id + "/parts", part(data), kFormType);
  }
  Answered complete(const std::string& id, const std::string& parts, const std::string& more = "") {
    return desk.post("/v1/uploads/" + id + "/complete", R"({"part_ids":[)" + parts + "]" + more + "}");
  }
  static std::string quoted(const Answered& part) { return '"' + part.at("/id") + '"'; }

  AppDesk desk{"openai", {100, 1'000'000}};
};

TEST_F(UploadDesk, JoinsPartsIntoAFile) {
  const Answered pending = desk.post("/v1/uploads", announce("6"));
  const std::string id = pending.at("/id");
  EXPECT_EQ(pending.body, R"({"id":")" + id +
                              R"(","object":"upload","bytes":6,"created_at":1700000000,)"
                              R"("filename":"a.bin","purpose":"vision","status":"pending","expires_at":1700003600})");
  EXPECT_THAT(id, StartsWith("upload_"));
  const Answered first = add(id, "abc");
  EXPECT_EQ(first.body, R"({"id":)" + quoted(first) +
                            R"(,"object":"upload.part","created_at":1700000000,"upload_id":")" + id + "\"}");
  const Answered second = add(id, "def");
  EXPECT_NE(first.at("/id"), second.at("/id"));
  const Answered done =
      complete(id, quoted(second) + "," + quoted(first), R"(,"md5":"7c4cc00f7bdb9b1da1c21a28d0a3a5c1")");
  EXPECT_THAT(done.body, HasSubstr("md5 checksum"));  // of another content
  const Answered right = complete(id, quoted(second) + "," + quoted(first));
  ASSERT_EQ(right.status, 200) << right.body;
  EXPECT_EQ(right.at("/status"), "completed");
  EXPECT_EQ(right.at("/file/filename"), "a.bin");
  EXPECT_EQ(right.at("/file/bytes"), "6");
  EXPECT_EQ(desk.get("/v1/files/" + right.at("/file/id") + "/content").body, "defabc");
}

TEST_F(UploadDesk, ChecksADigestAndKeepsAnExpiry) {
  const std::string id = create("3", R"(,"expires_after":{"anchor":"created_at","seconds":3600})");
  const std::string only = quoted(add(id, "abc"));
  const Answered wrong = complete(id, only, R"(,"md5":"0")");
  EXPECT_EQ(wrong.at("/error/message"),
            "The md5 checksum of the upload is 900150983cd24fb0d6963f7d28e17f72, but 0 was given.");
  const Answered done = complete(id, only, R"(,"md5":"900150983cd24fb0d6963f7d28e17f72")");
  EXPECT_EQ(done.at("/file/expires_at"), "1700003600");
}

TEST_F(UploadDesk, IsCancelledAndThenTakesNothing) {
  const std::string id = create("3");
  const std::string only = quoted(add(id, "abc"));
  const Answered cancelled = desk.ask("POST", "/v1/uploads/" + id + "/cancel", "", "");
  EXPECT_EQ(cancelled.at("/status"), "cancelled");
  const std::string message = "Upload " + id + " has status 'cancelled' and takes no more changes.";
  for (const Answered& answer :
       {add(id, "x"), complete(id, only), desk.ask("POST", "/v1/uploads/" + id + "/cancel", "", "")}) {
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.at("/error/message"), message);
  }
}

TEST_F(UploadDesk, MayBeEmpty) {
  EXPECT_EQ(complete(create("0"), "").at("/file/bytes"), "0");
}

TEST_F(UploadDesk, RefusesWhatDoesNotAddUp) {
  const std::string id = create("4");
  const std::string only = quoted(add(id, "abc"));
  EXPECT_EQ(complete(id, only).at("/error/message"),
            "The parts of the upload must add up to 4 bytes, but add up to 3.");
  EXPECT_EQ(complete(id, only + "," + only).status, 400);
  EXPECT_EQ(complete(id, "\"part_x\"").at("/error/message"), "Upload has no part 'part_x'.");
  EXPECT_EQ(add(id, "de").at("/error/message"), "The parts of the upload must add up to 4 bytes, but add up to 5.");
  EXPECT_EQ(add(id, "d").status, 200);
}

TEST_F(UploadDesk, RefusesABadRequest) {
  const auto without = [](const std::string& member, const std::string& by = "") {
    std::string body = announce("1");
    const std::size_t at = body.find('"' + member + '"');
    const std::size_t end = body.find_first_of(",}", at);
    return body.replace(at, end - at, by.empty() ? R"("purpose":"vision")" : by);
  };
  expect_refused(desk, "/v1/uploads",
                 {{"", 400, "null", "null"},
                  {"[]", 400, "null", "null"},
                  {without("filename"), 400, "missing_required_parameter", "filename"},
                  {without("bytes"), 400, "missing_required_parameter", "bytes"},
                  {without("mime_type"), 400, "missing_required_parameter", "mime_type"},
                  {without("purpose", R"("purpose":"x")"), 400, "invalid_value", "purpose"},
                  {announce("\"1\""), 400, "invalid_type", "bytes"},
                  {announce("-1"), 400, "integer_below_min_value", "bytes"},
                  {announce("8589934593"), 400, "integer_above_max_value", "bytes"},
                  {announce("1", R"(,"more":1)"), 400, "unknown_parameter", "more"},
                  {announce("1", R"(,"expires_after":{"anchor":"x","seconds":3600})"), 400, "invalid_value",
                   "expires_after.anchor"}});
  const std::string id = create("9");
  expect_refused(desk, "/v1/uploads/" + id + "/complete",
                 {{"{}", 400, "missing_required_parameter", "part_ids"},
                  {R"({"part_ids":"x"})", 400, "invalid_type", "part_ids"},
                  {R"({"part_ids":[1]})", 400, "invalid_type", "part_ids[0]"}});
  for (const char* step : {"parts", "complete", "cancel"}) {
    const std::string path = "/v1/uploads/upload_x/" + std::string(step);
    const Answered unknown = step == std::string("complete") ? desk.post(path, R"({"part_ids":[]})")
                                                             : desk.ask("POST", path, part("x"), kFormType);
    EXPECT_EQ(unknown.status, 404) << step;
    EXPECT_EQ(unknown.at("/error/message"), "No such Upload object: upload_x");
  }
  const std::string parts = "/v1/uploads/" + id + "/parts";
  EXPECT_EQ(desk.ask("POST", parts, "{}").at("/error/code"), "unsupported_content_type");
  EXPECT_EQ(desk.ask("POST", parts, part("x", "file"), kFormType).at("/error/param"), "data");
  EXPECT_EQ(desk.ask("POST", parts, "--b\r\n", kFormType).status, 400);
  EXPECT_EQ(desk.ask("POST", parts, part(std::string(64 * 1024 * 1024 + 1, 'x')), kFormType).at("/error/message"),
            "413: Maximum content size limit (67108864) exceeded (67108865 bytes read)");
}

TEST_F(UploadDesk, StaysWithinWhatMimusKeeps) {
  const Answered full = add(create("5000000"), std::string(2'000'000, 'x'));
  EXPECT_EQ(full.status, 413);
  EXPECT_EQ(full.at("/error/message"), "413: Maximum content size limit (1000000) exceeded (2000000 bytes read)");
}

}  // namespace
}  // namespace mimus::server
