#include "server/pace/fault.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "server/encode/golden_file.h"

namespace mimus::server {
namespace {

using std::chrono::milliseconds;

Delivery stream() {
  std::vector<Frame> frames = {{"data: {\"n\":1}\n\n", milliseconds(1)},
                               {"data: {\"n\":2,\"t\":\"caf\xC3\xA9 data: x\"}\n\n", milliseconds(2)},
                               {"event: e\ndata: {\"n\":3}\n\n", milliseconds(3)},
                               {"data: [DONE]\n\n", milliseconds(3)}};
  Delivery delivery;
  delivery.headers = {{"content-type", "text/event-stream; charset=utf-8"}};
  delivery.head_due = milliseconds(1);
  delivery.frames = std::make_unique<FixedFrames>(std::move(frames));
  return delivery;
}

Delivery whole() {
  Delivery delivery;
  delivery.headers = {{"content-type", "application/json"}};
  delivery.body = "{\"text\":\"caf\xC3\xA9\"}";
  delivery.head_due = milliseconds(5);
  return delivery;
}

// Everything that a Delivery holds, with its bytes as they are.
std::string dump(Delivery delivery) {
  static constexpr const char* kEndings[] = {"clean", "close", "cut", "reset", "hang", "half_close"};
  std::string out =
      "status " + std::to_string(delivery.status) + ", head due " + std::to_string(delivery.head_due.count()) + "\n";
  for (const Header& header : delivery.headers) out += header.name + ": " + header.value + "\n";
  if (!delivery.raw_head.empty()) out += "raw head:\n" + delivery.raw_head + "|\n";
  Ending ending = delivery.ending;
  if (delivery.frames) {
    for (const Frame& frame : collect(*delivery.frames))
      out += "frame due " + std::to_string(frame.due.count()) + ":\n" + frame.bytes + "|\n";
    ending = delivery.frames->ending(ending);
  } else {
    out += "body:\n" + delivery.body + "|\n";
  }
  return out + "ending " + kEndings[static_cast<int>(ending)] + "\n";
}

Delivery apply(const std::string& text, Delivery delivery) {
  const auto fault = read_fault(text);
  EXPECT_TRUE(fault) << (fault ? "" : fault.error().text());
  const FaultContext context{
      .error_event = [](std::int64_t sequence) { return "data: {\"error\":" + std::to_string(sequence) + "}\n\n"; },
      .seed = 11};
  return fault ? apply_fault(*fault, std::move(delivery), context) : std::move(delivery);
}

std::string file_of(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c == ':' || c == '=' || c == ',' || c == '/'; }, '-');
  return "encode/faults/" + text;
}

TEST(Fault, SpoilsStreamsByteForByte) {
  for (const char* text : {"cut",
                           "cut:after_chunks=0",
                           "cut:after_chunks=3,end=reset",
                           "cut:after_chunks=2,end=half_close",
                           "cut:after_bytes=20",
                           "cut:at=json",
                           "cut:at=json,after_chunks=1",
                           "cut:at=utf8",
                           "cut:after_chunks=3,after_bytes=5",
                           "hang",
                           "hang:after_chunks=0",
                           "hang:2",
                           "slow:100",
                           "bad_json:2",
                           "no_done",
                           "double_done",
                           "drop:2",
                           "duplicate:3",
                           "swap:1",
                           "swap:4",
                           "error_event",
                           "error_event:after_chunks=0",
                           "framing:crlf",
                           "framing:cr",
                           "framing:bom",
                           "framing:comments",
                           "framing:multiline",
                           "framing:no_space",
                           "framing:retry",
                           "content_type:text/plain",
                           "html",
                           "empty",
                           "garbage:bytes=8",
                           "garbage:bytes=8,at=head"}) {
    const std::string spoilt = dump(apply(text, stream()));
    expect_golden(file_of(text) + ".stream", spoilt);
    EXPECT_EQ(spoilt == dump(stream()), text == std::string("swap:4")) << text << " should change something";
  }
}

TEST(Fault, SpoilsWholeRepliesByteForByte) {
  for (const char* text :
       {"cut:after_chunks=0", "cut:after_bytes=5,end=reset", "cut:after_bytes=5,end=half_close", "cut:at=json",
        "cut:at=utf8", "hang", "hang:after_chunks=0", "slow:200", "bad_json:1", "content_type:text/plain",
        "html:status=503", "empty", "short_body", "short_body:by=3", "garbage:bytes=8", "garbage:bytes=8,at=head"}) {
    const std::string spoilt = dump(apply(text, whole()));
    expect_golden(file_of(text) + ".whole", spoilt);
    EXPECT_NE(spoilt, dump(whole())) << text << " should change something";
  }
}

TEST(Fault, LeavesStreamsAloneWhereThereIsNothingToSpoil) {
  for (const char* text :
       {"cut:after_chunks=4", "cut:after_bytes=10000", "cut:at=utf8,after_chunks=2", "cut:at=json,after_chunks=4",
        "hang:4", "slow:1000000000", "bad_json:5", "bad_json:4", "drop:5", "duplicate:5", "swap:5",
        "error_event:after_chunks=4", "content_type:text/event-stream; charset=utf-8", "short_body"}) {
    EXPECT_EQ(dump(apply(text, stream())), dump(stream())) << text;
  }
}

TEST(Fault, LeavesWholeRepliesAloneWhereThereIsNothingToSpoil) {
  for (const char* text : {"cut", "cut:after_bytes=1000", "hang:1", "bad_json:2", "no_done", "double_done", "drop:1",
                           "duplicate:1", "swap:1", "error_event:0", "framing:crlf", "content_type:application/json"}) {
    EXPECT_EQ(dump(apply(text, whole())), dump(whole())) << text;
  }
}

TEST(Fault, LeavesOtherStreamsTheirFraming) {
  Delivery array = stream();
  array.headers[0].value = "application/json";
  const Delivery rewritten = apply("framing:crlf", std::move(array));
  Frame frame;
  ASSERT_EQ(rewritten.frames->next(frame), FrameSource::Pull::Ready);
  EXPECT_EQ(frame.bytes, "data: {\"n\":1}\n\n");
}

TEST(Fault, LeavesAStreamWithoutATerminatorAsItIs) {
  for (const char* text : {"no_done", "double_done"}) {
    Delivery delivery = stream();
    std::vector<Frame> frames = {{"data: {}\n\n", Duration(0)}};
    delivery.frames = std::make_unique<FixedFrames>(frames);
    const Delivery spoilt = apply(text, std::move(delivery));
    EXPECT_EQ(collect(*spoilt.frames).size(), 1U) << text;
  }
}

// A source that has to be asked twice for everything.
class Hesitant final : public FrameSource {
 public:
  Pull next(Frame& frame) override {
    if ((++asked_ & 1) != 0) return Pull::Wait;
    if (asked_ > 6) return Pull::End;
    frame.bytes = "data: {\"n\":" + std::to_string(asked_ / 2) + "}\n\n";
    return Pull::Ready;
  }
  void on_ready(std::function<void()> wake) override { wake(); }

 private:
  int asked_ = 0;
};

TEST(Fault, WaitsWithASourceThatWaits) {
  for (const char* text : {"duplicate:2", "slow:1000000", "cut:after_chunks=2"}) {
    Delivery delivery = stream();
    delivery.frames = std::make_unique<Hesitant>();
    delivery = apply(text, std::move(delivery));
    bool is_awake = false;
    delivery.frames->on_ready([&] { is_awake = true; });
    EXPECT_TRUE(is_awake);
    int frames = 0;
    int waits = 0;
    Frame frame;
    for (auto pull = delivery.frames->next(frame); pull != FrameSource::Pull::End;
         pull = delivery.frames->next(frame)) {
      ++(pull == FrameSource::Pull::Ready ? frames : waits);
    }
    EXPECT_EQ(frames, text == std::string("duplicate:2") ? 4 : text == std::string("cut:after_chunks=2") ? 2 : 3);
    EXPECT_GE(waits, 3);
  }
}

TEST(Fault, MayBeAppliedOnTopOfAnother) {
  const Delivery delivery = apply("cut:after_chunks=3", apply("drop:1", stream()));
  EXPECT_EQ(collect(*delivery.frames).size(), 3U);
  EXPECT_EQ(delivery.frames->ending(Ending::Cut), Ending::Clean) << "three are all that are left";
  const Delivery shorter = apply("framing:crlf", apply("cut:after_chunks=2,end=reset", stream()));
  EXPECT_EQ(collect(*shorter.frames).size(), 2U);
  EXPECT_EQ(shorter.frames->ending(Ending::Cut), Ending::Reset);
}

TEST(Fault, NeverSendsAFrameBeforeTheOneAheadOfIt) {
  for (const char* text : {"slow:100", "slow:20000", "swap:1", "swap:3", "duplicate:2", "error_event:2"}) {
    Duration last{0};
    for (const Frame& frame : collect(*apply(text, stream()).frames)) {
      EXPECT_GE(frame.due, last) << text;
      last = frame.due;
    }
  }
}

TEST(Fault, KeepsToItsRate) {
  Delivery delivery = stream();
  std::vector<Frame> frames = {{std::string(1'000'000, 'x'), Duration(0)}, {std::string(1'000'000, 'y'), Duration(0)}};
  delivery.frames = std::make_unique<FixedFrames>(frames);
  const std::vector<Frame> slowed = collect(*apply("slow:1000", std::move(delivery)).frames);
  EXPECT_EQ(slowed.size(), 40'000U);
  EXPECT_EQ(slowed.back().due, std::chrono::milliseconds(2'000'000 - 50));
}

TEST(FaultText, SaysWhatIsWrong) {
  const struct {
    const char* text;
    const char* message;
  } rows[] = {
      {"cutt",
       "there is no fault \"cutt\"; known are cut, hang, slow, bad_json, no_done, double_done, drop, duplicate, swap, "
       "error_event, framing, content_type, html, empty, short_body, garbage"},
      {"",
       "there is no fault \"\"; known are cut, hang, slow, bad_json, no_done, double_done, drop, duplicate, swap, "
       "error_event, framing, content_type, html, empty, short_body, garbage"},
      {"cut:after=3", "cut has no parameter \"after\"; it has after_chunks, after_bytes, at, end"},
      {"cut:after_chunks=x", "cut: after_chunks is a number from 0 to 1000000, found \"x\""},
      {"cut:after_chunks=-1", "cut: after_chunks is a number from 0 to 1000000, found \"-1\""},
      {"cut:after_chunks=", "cut: after_chunks is a number from 0 to 1000000, found \"\""},
      {"cut:end=hard", "cut: end is one of fin, reset, half_close, found \"hard\""},
      {"cut:3,3", "cut has no parameter \"3\"; it has after_chunks, after_bytes, at, end"},
      {"cut:3,end", "cut: end needs a value"},
      {"cut:3,after_chunks=3", "cut: after_chunks is given twice"},
      {"no_done:1", "no_done has no parameter \"1\""},
      {"slow", "slow needs bytes_per_second, a number from 1 to 1000000000"},
      {"framing:html", "framing: style is one of crlf, cr, bom, comments, multiline, no_space, retry, found \"html\""},
      {"content_type:a\r\nb", "content_type: value is a text without commas and control characters, found \"a\r\nb\""},
      {"html:status=1", "html: status is a number from 200 to 599, found \"1\""},
  };
  for (const auto& row : rows) {
    const auto fault = read_fault(row.text);
    ASSERT_FALSE(fault) << row.text;
    EXPECT_EQ(fault.error().text(), row.message);
  }
}

TEST(FaultText, IsDescribedForPeople) {
  EXPECT_NE(describe_faults().find("slow\n  bytes_per_second: a number from 1 to 1000000000 (required)\n"),
            std::string::npos);
}

}  // namespace
}  // namespace mimus::server
