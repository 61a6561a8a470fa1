#include <gtest/gtest.h>

#include <map>

#include "server/encode/completion_body.h"
#include "server/encode/completion_stream.h"
#include "server/encode/golden_file.h"
#include "server/encode/sample_replies.h"

namespace mimus::server {
namespace {

ChatFrame frame_of(const BodyStyle& style) {
  ChatFrame frame = sample_chat_frame(style);
  frame.id = "cmpl-0123456789ABCDEFGHIJKLMNOPQRS";
  return frame;
}

TEST(Completion, MatchesByteForByte) {
  for (const SampleReply& one : sample_replies()) {
    if (!one.reply.choices[0].tool_calls.empty() || one.reply.choices[0].refusal) continue;  // not of this endpoint
    const std::string file = "encode/completion/" + one.name;
    expect_golden(file + ".json", encode_completion(frame_of(full_style()), one.reply));
    const StreamOptions options{.include_usage = one.name == "text"};
    expect_golden(file + ".sse", bytes_of(*make_completion_stream(frame_of(bare_style()), one.reply, options)));
  }
}

TEST(Completion, StreamsWhatTheWholeBodySays) {
  for (const SampleReply& one : sample_replies()) {
    for (const int chunk_tokens : {1, 2, 100}) {
      std::map<std::size_t, std::string> texts;
      std::map<std::size_t, std::string> finishes;
      std::map<std::size_t, std::string> offsets;
      const StreamOptions options{.pace = {.chunk_tokens = chunk_tokens}};
      for (const std::string& payload :
           payloads_of(bytes_of(*make_completion_stream(frame_of(full_style()), one.reply, options)))) {
        const auto document = parse_json(payload);
        ASSERT_TRUE(document) << payload;
        const Json choice = document->root().find_pointer("/choices/0");
        const auto index = static_cast<std::size_t>(choice.find("index").as_int());
        texts[index] += choice.find("text").as_string();
        finishes[index] += choice.find("finish_reason").string_or("");
        for (const Json offset : choice.find_pointer("/logprobs/text_offset").elements())
          offsets[index] += to_text(offset) + " ";
      }
      const auto whole = parse_json(encode_completion(frame_of(full_style()), one.reply));
      for (std::size_t i = 0; i < one.reply.choices.size(); ++i) {
        const Json choice = whole->root().find("choices").at(i);
        std::string expected;
        for (const Json offset : choice.find_pointer("/logprobs/text_offset").elements())
          expected += to_text(offset) + " ";
        EXPECT_EQ(texts[i], choice.find("text").as_string());
        EXPECT_EQ(finishes[i], choice.find("finish_reason").as_string());
        EXPECT_EQ(offsets[i], expected);
      }
    }
  }
}

}  // namespace
}  // namespace mimus::server
