#include "conformance/transcript.h"

#include <gtest/gtest.h>

namespace mimus::conformance {
namespace {

Recording stream_of(const std::string& body) {
  Recording recording;
  recording.raw =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: " + std::to_string(body.size()) +
      "\r\n\r\n" + body;
  return recording;
}

TEST(Transcript, TellsWhenEachEventWasComplete) {
  Recording recording = stream_of("data: {}\n\ndata: [DONE]\n\n");
  const std::size_t cut = recording.raw.find("data: [DONE]") + 3;
  recording.arrivals = {{cut, std::chrono::microseconds(5)}, {recording.raw.size(), std::chrono::microseconds(9)}};
  const Transcript transcript = read_transcript("p", std::move(recording));
  ASSERT_EQ(transcript.events.size(), 2U);
  EXPECT_EQ(transcript.events[0].at.count(), 5);
  EXPECT_TRUE(transcript.events[0].is_json);
  EXPECT_EQ(transcript.events[1].at.count(), 9);
  EXPECT_TRUE(transcript.events[1].is_done);
}

TEST(Transcript, KeepsLittleOfAStreamWithoutEnd) {
  std::string body;
  for (int i = 0; i < 200'000; ++i) body += "data: {}\n\n";
  const Transcript transcript = read_transcript("p", stream_of(body));
  EXPECT_EQ(transcript.recording.ending, Ending::TooLarge);
  EXPECT_FALSE(transcript.recording.problem.empty());
  EXPECT_LT(transcript.events.size(), 20'000U);
  EXPECT_LT(transcript.recording.raw.size(), 100'000U);
}

TEST(Transcript, CountsBytesBehindTheReply) {
  Recording recording = stream_of("data: {}\n\n");
  recording.raw += "junk";
  EXPECT_EQ(read_transcript("p", std::move(recording)).trailing, 4U);
}

}  // namespace
}  // namespace mimus::conformance
