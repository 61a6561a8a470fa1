#include "server/encode/chat_stream.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "server/encode/chat_body.h"
#include "server/encode/golden_file.h"
#include "server/encode/sample_replies.h"

namespace mimus::server {
namespace {

std::string stream_of(const BodyStyle& style, const Reply& reply, const StreamOptions& options) {
  return bytes_of(*make_chat_stream(sample_chat_frame(style), reply, options));
}

const Reply& sample(std::string_view name) {
  static const std::vector<SampleReply> all = sample_replies();
  for (const SampleReply& one : all) {
    if (one.name == name) return one.reply;
  }
  return all.front().reply;
}

TEST(ChatStream, MatchesByteForByte) {
  for (const SampleReply& one : sample_replies()) {
    expect_golden("encode/chat/" + one.name + ".sse", stream_of(full_style(), one.reply, {}));
    expect_golden("encode/chat_bare/" + one.name + ".sse", stream_of(bare_style(), one.reply, {}));
  }
  StreamOptions options{.include_usage = true, .obfuscate = true, .pace = {.chunk_tokens = 2}, .seed = 7};
  expect_golden("encode/chat/two_choices_usage_padded.sse", stream_of(full_style(), sample("two_choices"), options));
  expect_golden("encode/chat_bare/text_usage.sse", stream_of(bare_style(), sample("text"), {.include_usage = true}));
}

// What a client makes of the deltas of one choice, by the rules of the official libraries: strings are concatenated.
struct Merged {
  std::string content, refusal, name, arguments, finish;
  std::vector<std::string> calls;
  int roles = 0, finishes = 0;
};

void merge_call(Json call, Merged& merged) {
  const auto index = static_cast<std::size_t>(call.find("index").int_or(-1));
  ASSERT_LE(index, merged.calls.size());
  if (index == merged.calls.size()) {
    ASSERT_TRUE(call.find("id") && call.find("type"));
    merged.calls.emplace_back(std::string(call.find("id").as_string()) + "|");
  } else {
    EXPECT_FALSE(call.find("id") || call.find("type"));
  }
  for (const Json body : {call.find("function"), call.find("custom")}) {
    for (const char* key : {"name", "arguments", "input"}) merged.calls[index] += body.find(key).string_or("");
  }
}

std::map<std::int64_t, Merged> merge(const std::string& bytes) {
  std::map<std::int64_t, Merged> choices;
  for (const std::string& payload : payloads_of(bytes)) {
    const auto document = parse_json(payload);
    EXPECT_TRUE(document) << payload;
    const Json choice = document->root().find_pointer("/choices/0");
    if (!choice) continue;
    Merged& merged = choices[choice.find("index").int_or(-1)];
    const Json delta = choice.find("delta");
    merged.roles += delta.find("role") ? 1 : 0;
    merged.content += delta.find("content").string_or("");
    merged.refusal += delta.find("refusal").string_or("");
    merged.name += delta.find_pointer("/function_call/name").string_or("");
    merged.arguments += delta.find_pointer("/function_call/arguments").string_or("");
    for (const Json call : delta.find("tool_calls").elements()) merge_call(call, merged);
    merged.finishes += choice.find("finish_reason").is_string() ? 1 : 0;
    merged.finish += choice.find("finish_reason").string_or("");
  }
  return choices;
}

TEST(ChatStream, SaysWhatTheWholeBodySays) {
  for (const SampleReply& one : sample_replies()) {
    const auto whole = parse_json(encode_chat(sample_chat_frame(full_style()), one.reply));
    for (const int chunk_tokens : {1, 2, 3, 100}) {
      const auto merged = merge(stream_of(full_style(), one.reply, {.pace = {.chunk_tokens = chunk_tokens}}));
      ASSERT_EQ(merged.size(), one.reply.choices.size());
      for (const auto& [index, choice] : merged) {
        const Json expected = whole->root().find("choices").at(static_cast<std::size_t>(index));
        EXPECT_EQ(choice.content, expected.find_pointer("/message/content").string_or(""));
        EXPECT_EQ(choice.refusal, expected.find_pointer("/message/refusal").string_or(""));
        EXPECT_EQ(choice.name, expected.find_pointer("/message/function_call/name").string_or(""));
        EXPECT_EQ(choice.arguments, expected.find_pointer("/message/function_call/arguments").string_or(""));
        EXPECT_EQ(choice.finish, expected.find("finish_reason").as_string());
        EXPECT_EQ(choice.roles, 1);
        EXPECT_EQ(choice.finishes, 1);
        const Json calls = expected.find_pointer("/message/tool_calls");
        ASSERT_EQ(choice.calls.size(), calls.size());
        for (std::size_t i = 0; i < calls.size(); ++i) {
          Merged same;
          const Json call = calls.at(i);
          same.calls.push_back(std::string(call.find("id").as_string()) + "|");
          for (const Json body : {call.find("function"), call.find("custom")}) {
            for (const char* key : {"name", "arguments", "input"}) same.calls[0] += body.find(key).string_or("");
          }
          EXPECT_EQ(choice.calls[i], same.calls[0]);
        }
      }
    }
  }
}

TEST(ChatStream, ShowsChoicesFirstInTheOrderOfTheirIndexes) {
  Reply reply = sample("two_choices");
  reply.choices.resize(5, reply.choices[1]);
  std::vector<std::int64_t> order;
  for (const std::string& payload : payloads_of(stream_of(full_style(), reply, {}))) {
    const auto document = parse_json(payload);
    EXPECT_EQ(document->root().find("choices").size(), 1U);
    order.push_back(document->root().find_pointer("/choices/0/index").as_int());
  }
  ASSERT_GE(order.size(), 5U);
  EXPECT_EQ(std::vector<std::int64_t>(order.begin(), order.begin() + 5), (std::vector<std::int64_t>{0, 1, 2, 3, 4}));
}

TEST(ChatStream, PadsChunksToOneSize) {
  const Reply& reply = sample("text");
  std::set<std::size_t> sizes;
  for (const std::string& payload : payloads_of(stream_of(full_style(), reply, {.obfuscate = true, .seed = 3}))) {
    if (payload.find(R"("content":")") != std::string::npos && payload.find("role") == std::string::npos) {
      sizes.insert(payload.size());
    }
  }
  EXPECT_EQ(sizes.size(), 1U);
}

TEST(ChatStream, GivesOneEntryOfLogprobsPerToken) {
  for (const int chunk_tokens : {1, 3}) {
    std::string tokens;
    const std::string bytes = stream_of(full_style(), sample("logprobs"), {.pace = {.chunk_tokens = chunk_tokens}});
    for (const std::string& payload : payloads_of(bytes)) {
      const auto document = parse_json(payload);
      std::string of_chunk;
      for (const Json entry : document->root().find_pointer("/choices/0/logprobs/content").elements()) {
        of_chunk += entry.find("token").as_string();
      }
      EXPECT_EQ(of_chunk, document->root().find_pointer("/choices/0/delta/content").string_or(""));
      tokens += of_chunk;
    }
    EXPECT_EQ(tokens, sample("logprobs").choices[0].text);
  }
}

TEST(ChatStream, SendsEachChunkWithItsFirstToken) {
  const Pace pace{.ttft = std::chrono::milliseconds(100), .token = std::chrono::milliseconds(10), .chunk_tokens = 3};
  Reply reply;
  reply.choices.emplace_back().text = "One two three four.";
  std::vector<std::int64_t> due;
  const auto source = make_chat_stream(sample_chat_frame(full_style()), reply, {.include_usage = true, .pace = pace});
  for (const Frame& frame : collect(*source)) due.push_back(frame.due.count() / 1000);
  EXPECT_EQ(due, (std::vector<std::int64_t>{100, 100, 130, 150, 150, 150}));
}

TEST(ChatStream, NeverGoesBackInTime) {
  const Pace pace{.token = std::chrono::milliseconds(7), .jitter = {Jitter::Kind::LogNormal, 900'000}};
  for (const SampleReply& one : sample_replies()) {
    Duration last{0};
    for (const Frame& frame : collect(*make_chat_stream(sample_chat_frame(full_style()), one.reply, {.pace = pace}))) {
      EXPECT_GE(frame.due, last);
      last = frame.due;
    }
  }
}

}  // namespace
}  // namespace mimus::server
