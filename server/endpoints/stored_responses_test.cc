#include <gmock/gmock.h>

#include "server/endpoints/app_desk.h"

namespace mimus::server {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kPath = "/v1/responses";

TEST(StoredResponses, AreReadAsTheyWereSent) {
  AppDesk desk;
  const Answered made = desk.post(kPath, R"({"model":"gpt-4o","input":"Hi"})");
  const std::string path = std::string(kPath) + "/" + made.at("/id");
  EXPECT_EQ(desk.get(path).body, made.body);
  const Answered deleted = desk.ask("DELETE", path, "", "");
  EXPECT_EQ(deleted.body, R"({"id":")" + made.at("/id") + R"(","object":"response","deleted":true})");
  EXPECT_EQ(desk.get(path).at("/error/message"), "Response with id '" + made.at("/id") + "' not found.");
  EXPECT_EQ(desk.ask("DELETE", path, "", "").status, 404);
}

TEST(StoredResponses, StreamAgainFromWhereTheyAreAskedTo) {
  AppDesk desk;
  const Answered made = desk.post(kPath, R"({"model":"gpt-4o","input":"Hi","stream":true})");
  const std::string id = made.body.substr(made.body.find("resp_"), 53);
  const std::string path = std::string(kPath) + "/" + id + "?stream=true";
  EXPECT_EQ(desk.get(path).body, made.body);
  const std::string rest = desk.get(path + "&starting_after=4").body;
  EXPECT_THAT(made.body, testing::EndsWith(rest));
  EXPECT_THAT(rest, HasSubstr("\"sequence_number\":5,"));
  EXPECT_EQ(rest.find("\"sequence_number\":4,"), std::string::npos);
  EXPECT_EQ(desk.get(path + "&starting_after=100000").body, "");
  for (const char* bad : {"-1", "x", "99999999999999999999"}) {
    EXPECT_EQ(desk.get(path + "&starting_after=" + bad).at("/error/param"), "starting_after") << bad;
  }
}

TEST(StoredResponses, ListEverythingThatTheyWereGiven) {
  AppDesk desk;
  const Answered first = desk.post(kPath, R"({"model":"gpt-4o","input":"one"})");
  const Answered second =
      desk.post(kPath, R"({"model":"gpt-4o","input":[{"role":"user","content":"two"},{"role":"user","content":)"
                       R"("three"}],"previous_response_id":")" +
                           first.at("/id") + "\"}");
  const std::string path = std::string(kPath) + "/" + second.at("/id") + "/input_items";
  const Answered all = desk.get(path + "?order=asc");
  EXPECT_EQ(all.at("/data/0/content/0/text"), "one");
  EXPECT_EQ(all.at("/data/1"), first.at("/output/0"));
  EXPECT_EQ(all.at("/data/3/content/0/text"), "three");
  EXPECT_EQ(all.at("/has_more"), "false");
  const Answered page = desk.get(path + "?limit=2");
  EXPECT_EQ(page.at("/data/0"), all.at("/data/3"));
  EXPECT_EQ(page.at("/has_more"), "true");
  const Answered next = desk.get(path + "?limit=2&after=" + page.at("/last_id"));
  EXPECT_EQ(next.at("/data/1"), all.at("/data/0"));
  EXPECT_EQ(next.at("/has_more"), "false");
  for (const char* bad : {"limit=0", "limit=101", "limit=x", "order=up", "after=msg_none"}) {
    EXPECT_GE(desk.get(path + "?" + bad).status, 400) << bad;
  }
}

TEST(StoredResponses, InTheBackgroundAreReadyAfterTheirTime) {
  AppDesk desk;
  const Answered made = desk.post(kPath, R"({"model":"gpt-4o;ttft=10s","input":"Hi","background":true})");
  EXPECT_EQ(made.at("/status"), "queued");
  EXPECT_EQ(made.at("/output"), "[]");
  const std::string path = std::string(kPath) + "/" + made.at("/id");
  EXPECT_EQ(desk.get(path).at("/status"), "in_progress");
  const Answered quick = desk.post(kPath, R"({"model":"gpt-4o","input":"Hi","background":true})");
  const Answered done = desk.get(std::string(kPath) + "/" + quick.at("/id"));
  EXPECT_EQ(done.at("/status"), "completed");
  EXPECT_EQ(done.at("/background"), "true");
}

TEST(StoredResponses, AreCancelledOnlyInTheBackgroundAndInTime) {
  AppDesk desk;
  const auto cancel = [&](const std::string& id) {
    return desk.ask("POST", std::string(kPath) + "/" + id + "/cancel", "", "");
  };
  const std::string slow = desk.post(kPath, R"({"model":"gpt-4o;ttft=10s","input":"Hi","background":true})").at("/id");
  EXPECT_EQ(cancel(slow).at("/status"), "cancelled");
  EXPECT_EQ(desk.get(std::string(kPath) + "/" + slow).at("/status"), "cancelled");
  EXPECT_THAT(desk.get(std::string(kPath) + "/" + slow + "?stream=true").body, HasSubstr("response.in_progress"));
  const std::string done = desk.post(kPath, R"({"model":"gpt-4o","input":"Hi","background":true})").at("/id");
  EXPECT_EQ(cancel(done).at("/status"), "completed");
  const std::string plain = desk.post(kPath, R"({"model":"gpt-4o","input":"Hi"})").at("/id");
  EXPECT_EQ(cancel(plain).at("/error/message"), "Cannot cancel a synchronous response.");
  EXPECT_EQ(cancel("resp_none").status, 404);
  EXPECT_EQ(cancel("chatcmpl-x").at("/error/param"), "response_id");
}

TEST(Conversations, AreMadeReadChangedAndDeleted) {
  AppDesk desk;
  const Answered made = desk.post("/v1/conversations", R"({"metadata":{"a":"b"}})");
  ASSERT_EQ(made.status, 200) << made.body;
  EXPECT_THAT(made.at("/id"), StartsWith("conv_"));
  EXPECT_EQ(made.at("/created_at"), "1700000000");
  const std::string path = "/v1/conversations/" + made.at("/id");
  EXPECT_EQ(desk.get(path).body, made.body);
  EXPECT_EQ(desk.post(path, R"({"metadata":{"c":"d"}})").at("/metadata"), R"({"c":"d"})");
  EXPECT_EQ(desk.post(path, "{}").at("/error/param"), "metadata");
  EXPECT_EQ(desk.ask("DELETE", path, "", "").at("/object"), "conversation.deleted");
  EXPECT_EQ(desk.get(path).at("/error/message"), "Conversation with id '" + made.at("/id") + "' not found.");
  EXPECT_EQ(desk.post(path, R"({"metadata":{}})").status, 404);
  EXPECT_EQ(desk.ask("POST", "/v1/conversations", "", "").status, 200) << "nothing in the body is required";
}

TEST(Conversations, CollectWhatResponsesHearAndSay) {
  AppDesk desk;
  const std::string id =
      desk.post("/v1/conversations", R"({"items":[{"role":"user","content":"My name is Ada."}]})").at("/id");
  const std::string ask = R"({"model":"gpt-4o","conversation":")" + id + R"(","input":"Who am I?"})";
  const Answered first = desk.post(kPath, ask);
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(first.at("/conversation/id"), id);
  const std::string items = "/v1/conversations/" + id + "/items";
  const Answered all = desk.get(items + "?order=asc");
  EXPECT_EQ(all.at("/data/0/content/0/text"), "My name is Ada.");
  EXPECT_EQ(all.at("/data/1/content/0/text"), "Who am I?");
  EXPECT_EQ(all.at("/data/2"), first.at("/output/0"));
  const std::string told = R"({"model":"gpt-4o","input":[{"role":"user","content":"My name is Ada."},)"
                           R"({"role":"user","content":"Who am I?"}]})";
  EXPECT_EQ(desk.post(kPath, told).at("/output/0/content/0/text"), first.at("/output/0/content/0/text"));
}

TEST(Conversations, ListAddReadAndRemoveItems) {
  AppDesk desk;
  const std::string items = "/v1/conversations/" + desk.post("/v1/conversations", "{}").at("/id") + "/items";
  EXPECT_EQ(desk.get(items).body, R"({"object":"list","data":[],"first_id":null,"last_id":null,"has_more":false})");
  const Answered added =
      desk.post(items, R"({"items":[{"role":"user","content":"a"},{"type":"reasoning","id":"rs_1","summary":[]}]})");
  EXPECT_EQ(added.at("/data/1/id"), "rs_1");
  EXPECT_EQ(desk.get(items + "/rs_1").body, added.at("/data/1"));
  EXPECT_EQ(desk.ask("DELETE", items + "/rs_1", "", "").at("/object"), "conversation");
  EXPECT_EQ(desk.get(items + "/rs_1").at("/error/message"), "Item with id 'rs_1' not found.");
  EXPECT_EQ(desk.ask("DELETE", items + "/rs_1", "", "").status, 404);
  expect_refused(desk, items,
                 {{"{}", 400, "missing_required_parameter", "items"},
                  {R"({"items":"x"})", 400, "invalid_type", "items"},
                  {R"({"items":[{}]})", 400, "invalid_value", "items[0]"},
                  {R"({"items":[{"role":"user","content":"a","id":"x"}]})", 400, "invalid_value", "items[0].id"}});
  EXPECT_EQ(desk.post("/v1/conversations/conv_none/items", R"({"items":[]})").status, 404);
}

TEST(StoredCompletions, AreListedFilteredChangedAndDeleted) {
  AppDesk desk;
  const auto make = [&](const std::string& more) {
    return desk.post(
        "/v1/chat/completions",
        R"({"model":"gpt-4o","messages":[{"role":"system","content":"s"},{"role":"user","content":"Hi"}],)" + more +
            "}");
  };
  EXPECT_EQ(make(R"("store":false)").status, 200);
  const Answered one = make(R"("store":true,"metadata":{"case":"1"},"temperature":0.5,"user":"u")");
  const Answered two = make(R"("store":true,"metadata":{"case":"2"},"stream":true)");
  const std::string list = "/v1/chat/completions";
  const Answered all = desk.get(list);
  EXPECT_EQ(all.at("/data/0/id"), one.at("/id"));
  EXPECT_THAT(two.body, HasSubstr(all.at("/data/1/id")));
  EXPECT_EQ(all.at("/data/2"), "missing");
  EXPECT_EQ(all.at("/data/0/choices"), one.at("/choices"));
  EXPECT_EQ(all.at("/data/0/temperature"), "0.5");
  EXPECT_EQ(all.at("/data/0/input_user"), "u");
  EXPECT_EQ(all.at("/data/0/tools"), "null");
  EXPECT_EQ(desk.get(list + "?metadata[case]=2").at("/first_id"), all.at("/data/1/id"));
  EXPECT_EQ(desk.get(list + "?metadata%5Bcase%5D=3").at("/data"), "[]");
  EXPECT_EQ(desk.get(list + "?model=gpt-4o&limit=1").at("/has_more"), "true");
  EXPECT_EQ(desk.get(list + "?model=gpt-5").at("/first_id"), "null");
  EXPECT_EQ(desk.get(list + "?after=chatcmpl-none").status, 404);

  const std::string path = list + "/" + one.at("/id");
  EXPECT_EQ(desk.post(path, R"({"metadata":{"new":"x"}})").at("/metadata"), R"({"new":"x"})");
  EXPECT_EQ(desk.get(path).at("/metadata"), R"({"new":"x"})");
  EXPECT_EQ(desk.post(path, "{}").at("/error/param"), "metadata");
  const Answered messages = desk.get(path + "/messages?limit=1");
  EXPECT_EQ(messages.at("/data/0/id"), one.at("/id") + "-0");
  EXPECT_EQ(messages.at("/data/0/content"), "s");
  EXPECT_EQ(messages.at("/has_more"), "true");
  EXPECT_EQ(desk.get(path + "/messages?order=desc").at("/data/0/content"), "Hi");
  EXPECT_EQ(desk.ask("DELETE", path, "", "").at("/object"), "chat.completion.deleted");
  for (const std::string& gone : {path, path + "/messages"}) EXPECT_EQ(desk.get(gone).status, 404) << gone;
}

}  // namespace
}  // namespace mimus::server
