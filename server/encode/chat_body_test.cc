#include "server/encode/chat_body.h"

#include <gtest/gtest.h>

#include "server/encode/golden_file.h"
#include "server/encode/sample_replies.h"

namespace mimus::server {
namespace {

TEST(ChatBody, MatchesByteForByte) {
  for (const SampleReply& sample : sample_replies()) {
    expect_golden("encode/chat/" + sample.name + ".json", encode_chat(sample_chat_frame(full_style()), sample.reply));
    expect_golden("encode/chat_bare/" + sample.name + ".json",
                  encode_chat(sample_chat_frame(bare_style()), sample.reply));
  }
}

TEST(ChatBody, IsJsonInEveryStyle) {
  for (const SampleReply& sample : sample_replies()) {
    for (const BodyStyle& style : {full_style(), bare_style()}) {
      const auto document = parse_json(encode_chat(sample_chat_frame(style), sample.reply));
      ASSERT_TRUE(document) << sample.name;
      EXPECT_EQ(document->root().find("choices").size(), sample.reply.choices.size());
    }
  }
}

TEST(ChatBody, WritesWhatTheReplyHoldsEvenInABareStyle) {
  for (const SampleReply& sample : sample_replies()) {
    const auto document = parse_json(encode_chat(sample_chat_frame(bare_style()), sample.reply));
    const Json choice = document->root().find_pointer("/choices/0");
    EXPECT_EQ(choice.find_pointer("/message/refusal").is_string(), sample.name == "refusal") << sample.name;
    EXPECT_EQ(choice.find("logprobs").is_object(), sample.name == "logprobs") << sample.name;
  }
}

TEST(ChatBody, EchoesANamedServiceTier) {
  ChatFrame frame = sample_chat_frame(full_style());
  frame.service_tier = "priority";
  frame.system_fingerprint.clear();
  const std::string body = encode_chat(frame, sample_replies().front().reply);
  EXPECT_TRUE(body.ends_with(R"("service_tier":"priority","system_fingerprint":null})")) << body;
}

}  // namespace
}  // namespace mimus::server
