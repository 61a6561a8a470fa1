#include "benchmarks/load/chat_stream.h"

#include <gtest/gtest.h>

namespace mimus::load {
namespace {

using std::chrono::milliseconds;

const std::string kHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const std::string kRole = R"({"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]})";
const std::string kToken = R"({"choices":[{"index":0,"delta":{"content":" hi"},"finish_reason":null}]})";
const std::string kFinish = R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})";

std::string usage(int tokens) {
  return R"({"choices":[],"usage":{"completion_tokens":)" + std::to_string(tokens) + "}}";
}

std::string chunk(const std::string& data) {
  const std::string event = "data: " + data + "\n\n";
  char size[16];
  std::snprintf(size, sizeof size, "%zx\r\n", event.size());
  return size + event + "\r\n";
}
const std::string kEnd = "0\r\n\r\n";

struct Case {
  const char* name;
  std::string bytes;
  bool then_closed;
  StreamFailure failure;
  int tokens;
};

class ChatStreamVerdict : public testing::TestWithParam<Case> {};

TEST_P(ChatStreamVerdict, TellsWholeStreamsFromTheOthers) {
  const Case& c = GetParam();
  Lateness lateness;
  ChatStream stream({}, TimePoint{}, lateness);
  stream.feed(c.bytes, TimePoint{});
  if (c.then_closed) stream.finish();
  EXPECT_TRUE(stream.is_over());
  EXPECT_EQ(name_of(stream.failure()), name_of(c.failure));
  EXPECT_EQ(stream.tokens(), c.tokens);
}

INSTANTIATE_TEST_SUITE_P(
    Streams, ChatStreamVerdict,
    testing::Values(
        Case{"whole",
             kHead + chunk(kRole) + chunk(kToken) + chunk(kToken) + chunk(kFinish) + chunk(usage(2)) + chunk("[DONE]") +
                 kEnd,
             false, StreamFailure::None, 2},
        Case{"token_lost",
             kHead + chunk(kRole) + chunk(kToken) + chunk(kFinish) + chunk(usage(2)) + chunk("[DONE]") + kEnd, false,
             StreamFailure::WrongCount, 1},
        Case{"token_doubled", kHead + chunk(kToken) + chunk(kToken) + chunk(usage(1)) + chunk("[DONE]") + kEnd, false,
             StreamFailure::WrongCount, 2},
        Case{"no_usage", kHead + chunk(kToken) + chunk("[DONE]") + kEnd, false, StreamFailure::WrongCount, 1},
        Case{"no_done", kHead + chunk(kToken) + chunk(usage(1)) + kEnd, false, StreamFailure::NoDone, 1},
        Case{"after_done", kHead + chunk(kToken) + chunk(usage(1)) + chunk("[DONE]") + chunk(kToken) + kEnd, false,
             StreamFailure::AfterDone, 1},
        Case{"closed_early", kHead + chunk(kToken), true, StreamFailure::CutOff, 1},
        Case{"closed_before_the_last_chunk", kHead + chunk(kToken) + chunk(usage(1)) + chunk("[DONE]"), true,
             StreamFailure::CutOff, 1},
        Case{"error_event", kHead + chunk(R"({"error":{"message":"x"}})"), false, StreamFailure::ErrorEvent, 0},
        Case{"refused", "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 2\r\n\r\n{}", false, StreamFailure::Status,
             0},
        Case{"not_http", "hello\r\n\r\n", false, StreamFailure::Broken, 0}),
    [](const auto& row) { return row.param.name; });

TEST(ChatStream, MeasuresEachTokenAgainstItsPlaceInTheSchedule) {
  Lateness lateness;
  const TimePoint sent{milliseconds(1000)};
  ChatStream stream({milliseconds(100), milliseconds(20)}, sent, lateness);
  stream.feed(kHead + chunk(kRole), sent + milliseconds(1));
  stream.feed(chunk(kToken), sent + milliseconds(103));  // due at 100: 3 late
  stream.feed(chunk(kToken), sent + milliseconds(127));  // due at 120: 7 late, 4 against the first
  stream.feed(chunk(kToken), sent + milliseconds(139));  // due at 140: early
  EXPECT_EQ(lateness.first_token.max(), Nanos(milliseconds(103)).count());
  EXPECT_EQ(lateness.from_request.count(), 3);
  EXPECT_EQ(lateness.from_request.max(), Nanos(milliseconds(7)).count());
  EXPECT_EQ(lateness.from_request.min(), 0);
  EXPECT_EQ(lateness.from_first.count(), 2);
  EXPECT_EQ(lateness.from_first.max(), Nanos(milliseconds(4)).count());
}

TEST(ChatStream, GivesAllTokensOfOneReadItsTime) {
  Lateness lateness;
  ChatStream stream({Nanos(0), milliseconds(20)}, TimePoint{}, lateness);
  stream.feed(kHead + chunk(kToken) + chunk(kToken), TimePoint{milliseconds(20)});  // the first held back for 20
  EXPECT_EQ(lateness.from_request.max(), Nanos(milliseconds(20)).count());
  EXPECT_EQ(lateness.from_request.min(), 0);
}

}  // namespace
}  // namespace mimus::load
