#include "server/transport/delivery_run.h"

#include <gtest/gtest.h>

namespace mimus::server {
namespace {

using namespace std::chrono_literals;
using Step = DeliveryRun::Step;

const MonotonicTime kStart{1h};

Delivery stream(std::vector<Frame> frames) {
  Delivery delivery;
  delivery.headers = {{"Content-Type", "text/event-stream"}};
  delivery.frames = std::make_unique<FixedFrames>(std::move(frames));
  return delivery;
}

Step advance(DeliveryRun& run, MonotonicTime now, std::string& out, std::size_t room) {
  Frame spare{"of another", 3h};  // what is in it must not matter
  return run.advance(now, out, room, spare);
}

std::string all_of(Delivery delivery, const RequestTraits& traits) {
  DeliveryRun run(std::move(delivery), traits, kStart, true, true);
  std::string out;
  EXPECT_EQ(advance(run, kStart + 1h, out, 1 << 20), Step::Over);
  return out;
}

TEST(DeliveryRun, SendsEachFrameAtItsTime) {
  Delivery delivery = stream({{"a", 10ms}, {"b", 20ms}, {"c", 20ms}});
  delivery.head_due = 5ms;
  DeliveryRun run(std::move(delivery), {}, kStart, true, false);
  std::string out;
  EXPECT_EQ(advance(run, kStart, out, 1000), Step::Due);
  EXPECT_EQ(run.due(), kStart + 5ms);
  EXPECT_EQ(out, "");
  EXPECT_EQ(advance(run, kStart + 5ms, out, 1000), Step::Due);
  EXPECT_TRUE(out.ends_with("\r\n\r\n"));
  EXPECT_EQ(run.due(), kStart + 10ms);
  out.clear();
  EXPECT_EQ(advance(run, kStart + 19ms, out, 1000), Step::Due);
  EXPECT_EQ(out, "1\r\na\r\n");
  EXPECT_EQ(run.due(), kStart + 20ms);
  out.clear();
  EXPECT_EQ(advance(run, kStart + 30ms, out, 1000), Step::Over);
  EXPECT_EQ(out, "1\r\nb\r\n1\r\nc\r\n0\r\n\r\n");
}

TEST(DeliveryRun, AHeaderOfItsOwnReplacesTheCommonOne) {
  const std::vector<Header> common = {{"openai-version", "2020-10-01"}, {"X-Other", "kept"}};
  Delivery delivery;
  delivery.headers = {{"OpenAI-Version", "mine"}};
  delivery.common = common;
  const std::string out = all_of(std::move(delivery), {});
  EXPECT_TRUE(out.find("OpenAI-Version: mine\r\n") != std::string::npos) << out;
  EXPECT_TRUE(out.find("X-Other: kept\r\n") != std::string::npos) << out;
  EXPECT_EQ(out.find("2020-10-01"), std::string::npos) << out;
}

TEST(DeliveryRun, StopsAtTheLimitBetweenFrames) {
  DeliveryRun run(stream({{"aaaa", 0ms}, {"bbbb", 0ms}}), {}, kStart, true, false);
  std::string out;
  EXPECT_EQ(advance(run, kStart, out, 0), Step::Full);
  EXPECT_EQ(out, "");
  EXPECT_EQ(advance(run, kStart, out, 1), Step::Full);  // the head alone is more
  out.clear();
  EXPECT_EQ(advance(run, kStart, out, 1), Step::Full);
  EXPECT_EQ(out, "4\r\naaaa\r\n");
}

// Frames that decide only at their end how the delivery ends.
class Undecided final : public FrameSource {
 public:
  explicit Undecided(Ending ending) : ending_(ending) {}
  Pull next(Frame&) override { return Pull::End; }
  [[nodiscard]] Ending ending(Ending) const override { return ending_; }

 private:
  Ending ending_;
};

TEST(DeliveryRun, LetsTheSourceDecideHowItEnds) {
  for (const auto& [planned, decided] :
       {std::pair(Ending::Cut, Ending::Clean), std::pair(Ending::Clean, Ending::Reset)}) {
    Delivery delivery;
    delivery.frames = std::make_unique<Undecided>(decided);
    delivery.ending = planned;
    DeliveryRun run(std::move(delivery), {}, kStart, true, false);
    std::string out;
    EXPECT_EQ(advance(run, kStart, out, 1000), Step::Over);
    EXPECT_EQ(run.ending(), decided);
    EXPECT_EQ(out.ends_with("0\r\n\r\n"), decided == Ending::Clean);
  }
}

TEST(DeliveryRun, SkipsEmptyFramesThatWouldEndTheBody) {
  const std::string out = all_of(stream({{"a", 0ms}, {"", 0ms}, {"b", 0ms}}), {});
  EXPECT_TRUE(out.ends_with("\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n")) << out;
}

TEST(DeliveryRun, FramesTheBodyAsTheRequestAllows) {
  struct Row {
    const char* name;
    RequestTraits traits;
    Ending ending;
    bool is_stream;
    std::string expected;
  };
  const RequestTraits plain;
  const RequestTraits head{.is_head = true};
  const RequestTraits old{.is_http_10 = true, .keep_alive = false};
  const RequestTraits old_kept{.is_http_10 = true, .keep_alive = true};
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const std::string type = "Content-Type: text/event-stream\r\n";
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  const std::string keep = "Connection: keep-alive\r\n\r\n";
  const std::string close = "Connection: close\r\n\r\n";
  const std::vector<Row> rows = {
      {"whole", plain, Ending::Clean, false, ok + "Content-Length: 4\r\n" + keep + "body"},
      {"whole, closing", plain, Ending::Close, false, ok + "Content-Length: 4\r\n" + close + "body"},
      {"whole, HEAD", head, Ending::Clean, false, ok + "Content-Length: 4\r\n" + keep},
      {"whole, HTTP/1.0", old, Ending::Clean, false, ok + "Content-Length: 4\r\n" + close + "body"},
      {"whole, HTTP/1.0 kept", old_kept, Ending::Clean, false, ok + "Content-Length: 4\r\n" + keep + "body"},
      {"stream", plain, Ending::Clean, true, ok + type + chunked + keep + "2\r\nab\r\n0\r\n\r\n"},
      {"stream, closing", plain, Ending::Close, true, ok + type + chunked + close + "2\r\nab\r\n0\r\n\r\n"},
      {"stream, cut", plain, Ending::Cut, true, ok + type + chunked + keep + "2\r\nab\r\n"},
      {"stream, reset", plain, Ending::Reset, true, ok + type + chunked + keep + "2\r\nab\r\n"},
      {"stream, cut, HTTP/1.0", old_kept, Ending::Cut, true, ok + type + close + "ab"},
      {"stream, hanging", plain, Ending::Hang, true, ok + type + chunked + keep + "2\r\nab\r\n"},
      {"stream, HEAD", head, Ending::Clean, true, ok + type + chunked + keep},
      {"stream, HTTP/1.0", old_kept, Ending::Clean, true, ok + type + close + "ab"},
  };
  for (const Row& row : rows) {
    Delivery delivery;
    if (row.is_stream) delivery = stream({{"ab", 0ms}});
    delivery.body = row.is_stream ? "" : "body";
    delivery.ending = row.ending;
    EXPECT_EQ(all_of(std::move(delivery), row.traits), row.expected) << row.name;
  }
}

TEST(DeliveryRun, SendsARawHeadAndUnframedBytes) {
  Delivery delivery = stream({{"ab", 0ms}, {"cd", 0ms}});
  delivery.raw_head = "HTTP/1.1 200 Fine\r\n\r\n";
  EXPECT_EQ(all_of(std::move(delivery), {}), "HTTP/1.1 200 Fine\r\n\r\nabcd");
}

TEST(ResponseHead, LetsNoValueBeginAnotherHeader) {
  Delivery delivery;
  delivery.headers = {{"x-echo", "a\r\nSet-Cookie: b"}};
  const std::string out = all_of(std::move(delivery), {});
  EXPECT_NE(out.find("x-echo: a  Set-Cookie: b\r\n"), std::string::npos) << out;
}

TEST(ResponseHead, HasNoLengthWhereThereIsNoBody) {
  Delivery delivery;
  delivery.status = 204;
  EXPECT_EQ(all_of(std::move(delivery), {}), "HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n");
}

TEST(ResponseHead, OpensTheReplyToOtherSitesOnlyWhenOneAsks) {
  Delivery asked, unasked;
  EXPECT_NE(all_of(std::move(asked), {.has_origin = true}).find("Access-Control-Allow-Origin: *"), std::string::npos);
  EXPECT_EQ(all_of(std::move(unasked), {}).find("Access-Control"), std::string::npos);
}

}  // namespace
}  // namespace mimus::server
