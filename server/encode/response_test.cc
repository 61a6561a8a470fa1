#include <gtest/gtest.h>

#include <set>

#include "server/encode/golden_file.h"
#include "server/encode/response_body.h"
#include "server/encode/response_stream.h"
#include "server/encode/sample_replies.h"

namespace mimus::server {
namespace {

ResponseFrame sample_frame(std::string_view request = "{}") {
  const auto document = parse_json(request);
  return {.id = Ids(5).make(IdKind::Response),
          .ids = Ids(5),
          .created = 1764181239,
          .completed = 1764181240,
          .model = "gpt-4o-2024-08-06",
          .service_tier = "",
          .background = false,
          .echo = encode_response_echo(document->root())};
}

TEST(Response, MatchesByteForByte) {
  for (const SampleReply& one : sample_replies()) {
    if (one.name == "function" || one.name == "two_choices") continue;  // not of this endpoint
    expect_golden("encode/response/" + one.name + ".json", encode_response(sample_frame(), one.reply));
    expect_golden("encode/response/" + one.name + ".sse",
                  bytes_of(*make_response_stream(sample_frame(), one.reply, {})));
  }
  const StreamOptions padded{.obfuscate = true, .pace = {.chunk_tokens = 3}, .seed = 7};
  ResponseFrame background = sample_frame();
  background.background = true;
  expect_golden("encode/response/text_padded_background.sse",
                bytes_of(*make_response_stream(background, sample_replies().front().reply, padded)));
  const ApiError error{
      .status = 500, .message = "It \"broke\".", .type = "server_error", .param = {}, .code = {}, .headers = {}};
  expect_golden("encode/response/failed.json", encode_failed_response(sample_frame(), error));
  expect_golden("encode/response/failed.sse",
                bytes_of(*make_failed_response_stream(sample_frame(), error, Duration(5))));
}

TEST(Response, RepeatsTheSettingsOfTheRequest) {
  const std::string request =
      R"({"instructions":"Be \"brief\"","max_output_tokens":20,"temperature":0,"tools":[{"type":"function","name":"f",)"
      R"("description":"d","parameters":{},"strict":false}],"tool_choice":"required","metadata":{"a":"b"},"store":false,"truncation":"auto",)"
      R"("reasoning":{"effort":"low"},"text":{"format":{"type":"json_object"}},"parallel_tool_calls":false,"user":"u"})";
  const auto body = parse_json(encode_response(sample_frame(request), sample_replies().front().reply));
  const auto asked = parse_json(request);
  ASSERT_TRUE(body);
  for (const auto [key, value] : asked->root().members()) {
    if (key == "reasoning" || key == "text") continue;
    EXPECT_TRUE(equal(body->root().find(key), value)) << key << ": " << to_text(body->root().find(key));
  }
  EXPECT_EQ(to_text(body->root().find("reasoning")), R"({"effort":"low","summary":null})");
  EXPECT_EQ(to_text(body->root().find("text")), R"({"format":{"type":"json_object"},"verbosity":"medium"})");
}

TEST(Response, TellsAFunctionWhole) {
  const auto body = parse_json(encode_response(
      sample_frame(R"({"tools":[{"name":"f","type":"function","defer_loading":true},{"type":"custom","name":"g"}]})"),
      sample_replies().front().reply));
  ASSERT_TRUE(body);
  EXPECT_EQ(
      to_text(body->root().find("tools")),
      R"([{"type":"function","description":null,"name":"f","parameters":null,"strict":true,"defer_loading":true},)"
      R"({"type":"custom","name":"g"}])");
}

TEST(Response, TellsASchemaWhole) {
  const auto body = parse_json(encode_response(
      sample_frame(R"({"text":{"format":{"name":"a","type":"json_schema","schema":{"type":"object"}}}})"),
      sample_replies().front().reply));
  ASSERT_TRUE(body);
  EXPECT_EQ(to_text(body->root().find("text").find("format")),
            R"({"type":"json_schema","description":null,"name":"a","schema":{"type":"object"},"strict":false})");
}

TEST(Response, DoesNotRepeatWhatIsOfAWrongKind) {
  const auto body = parse_json(encode_response(sample_frame(R"({"temperature":"hot","metadata":null,"tools":5})"),
                                               sample_replies().front().reply));
  ASSERT_TRUE(body);
  EXPECT_EQ(body->root().find("temperature").as_double(), 1.0);
  EXPECT_EQ(to_text(body->root().find("metadata")), "{}");
  EXPECT_EQ(to_text(body->root().find("tools")), "[]");
}

// Follows the events as the official client's accumulator does: every index and id must fit what was added before.
struct Follower {
  std::vector<std::string> ids;
  std::string deltas;
  bool item_is_open = false;
  bool part_is_open = false;

  void follow(Json event) {
    const std::string type(event.find("type").as_string());
    if (type == "response.output_item.added") {
      EXPECT_FALSE(item_is_open);
      EXPECT_EQ(event.find("output_index").as_int(), static_cast<std::int64_t>(ids.size()));
      ids.emplace_back(event.find_pointer("/item/id").as_string());
      item_is_open = true;
      deltas.clear();
    } else if (type == "response.output_item.done") {
      EXPECT_TRUE(item_is_open && !part_is_open);
      EXPECT_EQ(event.find_pointer("/item/id").as_string(), ids.back());
      item_is_open = false;
    } else if (event.find("item_id")) {
      EXPECT_TRUE(item_is_open);
      EXPECT_EQ(event.find("item_id").as_string(), ids.back());
      EXPECT_EQ(event.find("output_index").as_int() + 1, static_cast<std::int64_t>(ids.size()));
    }
    if (type.ends_with("part.added")) part_is_open = true;
    if (type.ends_with("part.done")) part_is_open = false;
    deltas += event.find("delta").string_or("");
    for (const char* full : {"text", "refusal", "arguments", "input"}) {
      const Json text = event.find(full);
      if (text) {
        EXPECT_EQ(text.as_string(), deltas) << type;
      }
    }
  }
};

TEST(ResponseStream, TellsTheWholeObjectInOrder) {
  for (const SampleReply& one : sample_replies()) {
    for (const int chunk_tokens : {1, 2, 100}) {
      Follower follower;
      std::int64_t sequence = 0;
      std::string last;
      const StreamOptions options{.pace = {.chunk_tokens = chunk_tokens}};
      for (const std::string& payload :
           payloads_of(bytes_of(*make_response_stream(sample_frame(), one.reply, options)))) {
        const auto event = parse_json(payload);
        ASSERT_TRUE(event) << payload;
        EXPECT_EQ(event->root().find("sequence_number").as_int(), sequence++);
        follower.follow(event->root());
        last = event->root().find("response") ? to_text(event->root().find("response")) : "";
      }
      EXPECT_EQ(last, encode_response(sample_frame(), one.reply)) << "the last event holds the whole object";
      const auto whole = parse_json(last);
      EXPECT_EQ(follower.ids.size(), whole->root().find("output").size());
      EXPECT_FALSE(follower.item_is_open);
    }
  }
}

TEST(ResponseStream, NamesEachEventAsItsData) {
  const std::string bytes = bytes_of(*make_response_stream(sample_frame(), sample_replies().front().reply, {}));
  for (std::size_t at = 0; at < bytes.size(); at = bytes.find("\n\n", at) + 2) {
    const std::size_t end = bytes.find('\n', at);
    const std::string name = bytes.substr(at + 7, end - at - 7);
    EXPECT_EQ(bytes.compare(end + 1, name.size() + 16, "data: {\"type\":\"" + name + "\""), 0) << name;
  }
  EXPECT_EQ(bytes.find("[DONE]"), std::string::npos);
}

TEST(ResponseStream, BeginsAtOnceAndSpeaksWithTheFirstToken) {
  const Pace pace{.ttft = std::chrono::milliseconds(100), .token = std::chrono::milliseconds(10)};
  Reply reply;
  reply.choices.emplace_back().text = "One two.";
  std::vector<std::int64_t> due;
  for (const Frame& frame : collect(*make_response_stream(sample_frame(), reply, {.pace = pace}))) {
    due.push_back(frame.due.count() / 1000);
  }
  EXPECT_EQ(due, (std::vector<std::int64_t>{0, 0, 100, 100, 100, 110, 120, 130, 130, 130, 130}));
}

}  // namespace
}  // namespace mimus::server
