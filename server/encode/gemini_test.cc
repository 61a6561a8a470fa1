#include <gtest/gtest.h>

#include <map>

#include "server/encode/gemini_body.h"
#include "server/encode/golden_file.h"
#include "server/encode/sample_replies.h"

namespace mimus::server {
namespace {

const GeminiFrame kFrame{.response_id = "0123456789ABCDEFGHIJKL", .model_version = "gemini-2.5-flash"};

TEST(Gemini, MatchesByteForByte) {
  for (const SampleReply& one : sample_replies()) {
    if (one.name == "function") continue;  // no legacy shape here
    const std::string file = "encode/gemini/" + one.name;
    expect_golden(file + ".json", encode_gemini(kFrame, one.reply));
    expect_golden(file + ".sse", bytes_of(*make_gemini_stream(kFrame, one.reply, {}, GeminiFraming::Events)));
  }
  expect_golden("encode/gemini/two_choices_array.json",
                bytes_of(*make_gemini_stream(kFrame, sample_replies()[5].reply, {}, GeminiFraming::Array)));
}

struct Candidate {
  std::string text, thought, calls, finishes;
  void add(Json candidate) {
    for (const Json part : candidate.find_pointer("/content/parts").elements()) {
      (part.find("thought").bool_or(false) ? thought : text) += part.find("text").string_or("");
      if (part.find("functionCall")) calls += to_text(part.find("functionCall"));
    }
    finishes += candidate.find("finishReason").string_or("");
  }
};

TEST(Gemini, StreamsWhatTheWholeBodySaysInBothFramings) {
  for (const SampleReply& one : sample_replies()) {
    for (const int chunk_tokens : {1, 3}) {
      const StreamOptions options{.pace = {.chunk_tokens = chunk_tokens}};
      std::string array = "[";
      const std::string events = bytes_of(*make_gemini_stream(kFrame, one.reply, options, GeminiFraming::Events));
      for (const std::string& payload : payloads_of(events)) array += (array.size() > 1 ? "," : "") + payload;
      const auto from_events = parse_json(array + "]");
      const auto from_array =
          parse_json(bytes_of(*make_gemini_stream(kFrame, one.reply, options, GeminiFraming::Array)));
      ASSERT_TRUE(from_events && from_array) << one.name;
      EXPECT_TRUE(equal(from_events->root(), from_array->root()));
      std::map<std::int64_t, Candidate> streamed;
      for (const Json chunk : from_array->root().elements()) {
        const Json candidate = chunk.find_pointer("/candidates/0");
        streamed[candidate.find("index").as_int()].add(candidate);
      }
      const auto whole = parse_json(encode_gemini(kFrame, one.reply));
      ASSERT_TRUE(whole) << one.name;
      const Json last = from_array->root().at(from_array->root().size() - 1);
      EXPECT_TRUE(equal(last.find("usageMetadata"), whole->root().find("usageMetadata")));
      for (const Json candidate : whole->root().find("candidates").elements()) {
        Candidate expected;
        expected.add(candidate);
        const Candidate& found = streamed[candidate.find("index").as_int()];
        EXPECT_EQ(found.text, expected.text);
        EXPECT_EQ(found.thought, expected.thought);
        EXPECT_EQ(found.calls, expected.calls);
        EXPECT_EQ(found.finishes, expected.finishes);
      }
    }
  }
}

TEST(Gemini, WrapsArgumentsThatAreNoObject) {
  Reply reply;
  reply.choices.emplace_back().tool_calls.push_back({.id = "c", .name = "f", .arguments = "[1", .is_custom = false});
  const auto body = parse_json(encode_gemini(kFrame, reply));
  ASSERT_TRUE(body);
  EXPECT_EQ(to_text(body->root().find_pointer("/candidates/0/content/parts/0/functionCall/args")), R"({"input":"[1"})");
}

}  // namespace
}  // namespace mimus::server
