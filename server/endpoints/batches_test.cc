#include <gmock/gmock.h>

#include "server/endpoints/app_desk.h"
#include "server/endpoints/sample_form.h"

namespace mimus::server {
namespace {

using testing::HasSubstr;

constexpr const char* kChat = "/v1/chat/completions";

std::string line(const std::string& id, const std::string& body, const std::string& url = kChat) {
  return R"({"custom_id":")" + id + R"(","method":"POST","url":")" + url + R"(","body":)" + body + "}\n";
}

std::string question(const std::string& text, const std::string& more = "") {
  return R"({"model":"gpt-4o","messages":[{"role":"user","content":")" + text + "\"}]" + more + "}";
}

class BatchDesk : public testing::Test {
 protected:
  std::string upload(const std::string& content) {
    const std::string form =
        form_part("purpose", "batch") + form_file("file", content, "in.jsonl", "application/jsonl") + "--b--\r\n";
    return desk.ask("POST", "/v1/files", form, kFormType).at("/id");
  }
  Answered create(const std::string& file, const std::string& endpoint = kChat, const std::string& more = "") {
    return desk.post("/v1/batches", R"({"input_file_id":")" + file + R"(","endpoint":")" + endpoint +
                                        R"(","completion_window":"24h")" + more + "}");
  }
  Answered look(const std::string& id) { return desk.get("/v1/batches/" + id); }
  // Polls until the batch is over; the states that were seen.
  std::string states_of(const std::string& id) {
    std::string states;
    for (int i = 0; i < 1000; ++i) {
      const std::string state = look(id).at("/status");
      states += (states.empty() ? "" : " ") + state;
      if (state != "validating" && state != "in_progress" && state != "finalizing") break;
    }
    return states;
  }
  std::string file_of(const std::string& id, const std::string& pointer) {
    return desk.get("/v1/files/" + look(id).at(pointer) + "/content").body;
  }
  AppDesk desk;
};

TEST_F(BatchDesk, RunsEveryRequestAndKeepsWhatWasSaid) {
  const std::string input = upload(line("one", question("Hello")) + line("two", question("Bye", R"(,"n":0)")));
  const Answered created = create(input, kChat, R"(,"metadata":{"run":"7"})");
  ASSERT_EQ(created.status, 200) << created.body;
  const std::string id = created.at("/id");
  EXPECT_EQ(created.body,
            R"({"id":")" + id + R"(","object":"batch","endpoint":"/v1/chat/completions","errors":null,)" +
                R"("input_file_id":")" + input + R"(","completion_window":"24h","status":"validating",)" +
                R"("output_file_id":null,"error_file_id":null,"created_at":1700000000,"in_progress_at":null,)" +
                R"("expires_at":1700086400,"finalizing_at":null,"completed_at":null,"failed_at":null,)" +
                R"("expired_at":null,"cancelling_at":null,"cancelled_at":null,)" +
                R"("request_counts":{"total":0,"completed":0,"failed":0},"metadata":{"run":"7"}})");
  EXPECT_EQ(states_of(id), "in_progress finalizing completed");
  const Answered done = look(id);
  EXPECT_EQ(done.at("/request_counts"), R"({"total":2,"completed":1,"failed":1})");
  EXPECT_EQ(done.at("/completed_at"), "1700000000");
  const Answered output{200, {}, file_of(id, "/output_file_id")};
  EXPECT_EQ(output.at("/custom_id"), "one");
  EXPECT_EQ(output.at("/error"), "null");
  EXPECT_EQ(output.at("/response/status_code"), "200");
  EXPECT_THAT(output.at("/response/request_id"), testing::StartsWith("req_"));
  // The same text as when it is asked for directly.
  EXPECT_EQ(output.at("/response/body/choices"), desk.post(kChat, question("Hello")).at("/choices"));
  const Answered errors{200, {}, file_of(id, "/error_file_id")};
  EXPECT_EQ(errors.at("/custom_id"), "two");
  EXPECT_EQ(errors.at("/response/status_code"), "400");
  EXPECT_EQ(errors.at("/response/body/error/param"), "n");
  const Answered file = desk.get("/v1/files/" + done.at("/output_file_id"));
  EXPECT_EQ(file.at("/purpose"), "batch_output");
  EXPECT_EQ(file.at("/filename"), id + "_output.jsonl");
  EXPECT_EQ(file.at("/expires_at"), "null");
}

TEST_F(BatchDesk, RunsEveryEndpointThatTheVendorBatches) {
  struct Row {
    const char* endpoint;
    const char* body;
    const char* pointer;  // of the reply
  };
  const Row rows[] = {
      {"/v1/completions", R"({"model":"gpt-3.5-turbo-instruct","prompt":"x"})", "/choices/0/text"},
      {"/v1/embeddings", R"({"model":"text-embedding-3-small","input":"x","dimensions":2})", "/data/0/embedding/1"},
      {"/v1/moderations", R"({"input":"x"})", "/results/0/flagged"},
      {"/v1/images/generations", R"({"model":"dall-e-2","prompt":"x"})", "/data/0/url"},
  };
  for (const Row& row : rows) {
    const std::string id = create(upload(line("a", row.body, row.endpoint)), row.endpoint).at("/id");
    EXPECT_EQ(states_of(id), "in_progress finalizing completed") << row.endpoint;
    const Answered output{200, {}, file_of(id, "/output_file_id")};
    EXPECT_NE(output.at("/response/body" + std::string(row.pointer)), "missing") << output.body;
  }
}

TEST_F(BatchDesk, TakesManyRequestsInSlices) {
  std::string file;
  for (int i = 0; i < 450; ++i) file += line(std::to_string(i), question("Hello", R"(,"max_tokens":1)"));
  const std::string id = create(upload(file)).at("/id");
  EXPECT_EQ(states_of(id), "in_progress in_progress in_progress finalizing completed");
  EXPECT_EQ(look(id).at("/request_counts/completed"), "450");
}

TEST_F(BatchDesk, FailsForTheReasonsOfItsFile) {
  struct Row {
    std::string file;
    const char* error;
  };
  const Row rows[] = {
      {line("a", question("x")) + "{nonsense\n",
       R"({"code":"invalid_json_line","message":"This line is not parseable as valid JSON.","param":null,"line":2})"},
      {line("a", "{}", "/v1/embeddings"),
       R"({"code":"invalid_url","message":"The URL provided for this request does not match the batch endpoint.","param":"url","line":1})"},
      {line("a", question("x")) + line("a", question("x")),
       R"({"code":"duplicate_custom_id","message":"The custom_id 'a' is used by an earlier line of this file.","param":"custom_id","line":2})"},
      {R"({"custom_id":"a","method":"POST","url":"/v1/chat/completions"})",
       R"({"code":"missing_required_parameter","message":"Missing required parameter: 'body'.","param":"body","line":1})"},
      {line("a", question("x", R"(,"stream":true)")),
       R"({"code":"streaming_unsupported","message":"Chat Completions: Streaming is not supported in the Batch API.","param":"body.stream","line":1})"},
      {line("a", R"({"model":"nothing","messages":[]})"),
       R"({"code":"model_not_found","message":"The provided model 'nothing' is not supported by the Batch API.","param":"body.model","line":1})"},
      {line("a", R"({"messages":[]})"),
       R"({"code":"invalid_request","message":"Model parameter is required.","param":"body.model","line":1})"},
      {line("a", R"({"model":"gpt-4o"})"),
       R"({"code":"invalid_request","message":"Messages parameter is required.","param":"body.messages","line":1})"},
  };
  for (const Row& row : rows) {
    const std::string id = create(upload(row.file)).at("/id");
    EXPECT_EQ(states_of(id), "failed");
    EXPECT_EQ(look(id).at("/errors"), R"({"object":"list","data":[)" + std::string(row.error) + "]}");
    EXPECT_EQ(look(id).at("/output_file_id"), "null");
  }
  const std::string id = create("file-x").at("/id");
  EXPECT_EQ(states_of(id), "failed");
  EXPECT_EQ(look(id).at("/errors/data/0/param"), "file_id");
  EXPECT_THAT(look(id).at("/errors/data/0/message"), HasSubstr("Cannot find file file-x"));
}

TEST_F(BatchDesk, IsCancelledUnlessItIsOver) {
  const std::string id = create(upload(line("a", question("x")))).at("/id");
  look(id);
  const std::string path = "/v1/batches/" + id + "/cancel";
  EXPECT_EQ(desk.ask("POST", path, "", "").at("/status"), "cancelling");
  EXPECT_EQ(desk.ask("POST", path, "", "").at("/status"), "cancelling");
  EXPECT_EQ(look(id).at("/status"), "cancelled");
  EXPECT_EQ(look(id).at("/cancelled_at"), "1700000000");
  EXPECT_EQ(desk.ask("POST", path, "", "").at("/status"), "cancelled");
  const std::string over = create(upload(line("a", question("x")))).at("/id");
  states_of(over);
  const Answered refused = desk.ask("POST", "/v1/batches/" + over + "/cancel", "", "");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.at("/error/message"), "Cannot cancel a batch with status 'completed'.");
}

TEST_F(BatchDesk, IsListedPageByPage) {
  EXPECT_EQ(desk.get("/v1/batches").body,
            R"({"object":"list","data":[],"first_id":null,"last_id":null,"has_more":false})");
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(create("file-x").at("/id"));
  const Answered first = desk.get("/v1/batches?limit=2");
  EXPECT_EQ(first.at("/first_id"), ids[2]);
  EXPECT_EQ(first.at("/last_id"), ids[1]);
  EXPECT_EQ(first.at("/has_more"), "true");
  const Answered rest = desk.get("/v1/batches?limit=2&after=" + ids[1]);
  EXPECT_EQ(rest.at("/data/0/id"), ids[0]);
  EXPECT_EQ(rest.at("/data/0/status"), "validating");  // a list moves nothing on
  EXPECT_EQ(rest.at("/has_more"), "false");
  for (const char* query : {"limit=0", "limit=101", "limit=x"}) {
    EXPECT_EQ(desk.get("/v1/batches?" + std::string(query)).at("/error/code"), "invalid_value") << query;
  }
  EXPECT_EQ(desk.get("/v1/batches?after=batch_x").status, 404);
}

TEST_F(BatchDesk, RefusesABadRequest) {
  const auto body = [](const std::string& window, const std::string& more = "") {
    return R"({"input_file_id":"f","endpoint":"/v1/embeddings","completion_window":")" + window + "\"" + more + "}";
  };
  expect_refused(desk, "/v1/batches",
                 {{"", 400, "null", "null"},
                  {"{}", 400, "missing_required_parameter", "input_file_id"},
                  {R"({"input_file_id":"f"})", 400, "missing_required_parameter", "endpoint"},
                  {body("48h"), 400, "invalid_value", "completion_window"},
                  {body("24h", R"(,"metadata":{"tags":["a"]})"), 400, "invalid_type", "metadata.tags"},
                  {body("24h", R"(,"output_expires_after":{"anchor":"created_at","seconds":1})"), 400,
                   "integer_below_min_value", "output_expires_after.seconds"},
                  {body("24h", R"(,"more":1)"), 400, "unknown_parameter", "more"}});
  EXPECT_EQ(create("f", "/v1/files").at("/error/message"),
            "Invalid value: '/v1/files'. Supported values are: '/v1/chat/completions', '/v1/completions', "
            "'/v1/embeddings', '/v1/moderations', '/v1/images/generations', and '/v1/images/edits'.");
  EXPECT_EQ(look("batch_x").status, 404);
  EXPECT_EQ(look("batch_x").at("/error/message"), "No batch found with id 'batch_x'.");
  EXPECT_EQ(desk.ask("POST", "/v1/batches/batch_x/cancel", "", "").status, 404);
}

TEST_F(BatchDesk, KeepsItsFilesAsLongAsItIsTold) {
  const std::string id = create(upload(line("a", question("x"))), kChat,
                                R"(,"output_expires_after":{"anchor":"created_at","seconds":3600})")
                             .at("/id");
  states_of(id);
  EXPECT_EQ(desk.get("/v1/files/" + look(id).at("/output_file_id")).at("/expires_at"), "1700003600");
}

}  // namespace
}  // namespace mimus::server
