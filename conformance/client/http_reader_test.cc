#include "conformance/client/http_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mimus::conformance {
namespace {

using State = HttpReader::State;

struct Sample {
  const char* name;
  std::string bytes;
  bool closes = false;
  State state = State::Done;
  int status = 0;
  std::string body;
  std::size_t used = std::string::npos;  // npos: all
};

std::vector<Sample> samples() {
  return {
      {"Length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", false, State::Done, 200, "hello"},
      {"LengthThenMore", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/", false, State::Done, 200, "hello",
       43},
      {"NoBody", "HTTP/1.1 204 No Content\r\n\r\n", false, State::Done, 204, ""},
      {"EmptyReason", "HTTP/1.1 404\r\ncontent-length:0\r\n\r\n", false, State::Done, 404, ""},
      {"Chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n",
       false, State::Done, 200, "abc0123456789"},
      {"ChunkedTrailer", "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n1\r\na\r\n0\r\nx: y\r\n\r\n", false,
       State::Done, 200, "a"},
      {"ChunkedCut", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab", true, State::Body, 200, "ab"},
      {"UntilClose", "HTTP/1.0 200 OK\r\n\r\nall of it", true, State::Done, 200, "all of it"},
      {"LengthCut", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", true, State::Body, 200, "hello"},
      {"Interim", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", false, State::Done, 200,
       "x"},
      {"BareLineFeeds", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", false, State::Done, 200, "ok"},
      {"NotHttp", "SSH-2.0-OpenSSH_9.2\r\n", false, State::Bad, 0, ""},
      {"BadHeader", "HTTP/1.1 200 OK\r\nno colon here\r\n\r\n", false, State::Bad, 200, ""},
      {"BadChunkSize", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", false, State::Bad, 200, ""},
      {"OverlongChunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", false, State::Bad, 200,
       "a"},
      {"TwoLengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", false, State::Bad, 200, ""},
      {"NoLengthAtAll", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", false, State::Bad, 200, ""},
  };
}

void expect_sample(const Sample& sample, HttpReader& reader, std::size_t used) {
  EXPECT_EQ(reader.state(), sample.state) << reader.problem();
  EXPECT_EQ(reader.head().status, sample.status);
  EXPECT_EQ(reader.body(), sample.body);
  if (sample.state != State::Bad) {
    EXPECT_EQ(used, sample.used == std::string::npos ? sample.bytes.size() : sample.used);
  }
}

class HttpReaderSample : public testing::TestWithParam<Sample> {};

TEST_P(HttpReaderSample, ReadsTheSameHoweverItIsSplit) {
  const Sample& sample = GetParam();
  const std::string_view bytes = sample.bytes;
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    HttpReader reader;
    std::size_t used = reader.feed(bytes.substr(0, cut));
    if (used == cut) used += reader.feed(bytes.substr(cut));
    if (sample.closes) reader.close();
    SCOPED_TRACE(cut);
    expect_sample(sample, reader, used);
  }
}

TEST_P(HttpReaderSample, ReadsTheSameByteByByte) {
  const Sample& sample = GetParam();
  HttpReader reader;
  std::size_t used = 0;
  for (const char& c : sample.bytes) used += reader.feed({&c, 1});
  if (sample.closes) reader.close();
  expect_sample(sample, reader, used);
}

INSTANTIATE_TEST_SUITE_P(Table, HttpReaderSample, testing::ValuesIn(samples()),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(HttpReader, StopsAtAnEndlessHead) {
  HttpReader reader({1000, 1000});
  reader.feed("HTTP/1.1 200 OK\r\n");
  for (int i = 0; i < 200 && reader.state() == State::Head; ++i) reader.feed("x-header: value\r\n");
  EXPECT_EQ(reader.state(), State::TooLarge);
  EXPECT_THAT(reader.problem(), testing::Not(testing::IsEmpty()));
}

TEST(HttpReader, StopsAtAnEndlessBodyAndKeepsNoMoreThanTheLimit) {
  HttpReader reader({1000, 1000});
  reader.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 200 && reader.state() == State::Body; ++i) reader.feed("10\r\n0123456789abcdef\r\n");
  EXPECT_EQ(reader.state(), State::TooLarge);
  EXPECT_LE(reader.body().size(), 1000U);
}

TEST(HttpReader, KnowsThatTheReplyToHeadHasNoBody) {
  HttpReader reader({}, true);
  reader.feed("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
  EXPECT_EQ(reader.state(), State::Done);
}

TEST(HttpReader, GivesMediaTypesWithoutParametersInLowerCase) {
  ReplyHead head;
  head.headers = {{"CONTENT-TYPE", "Text/Event-Stream ; charset=utf-8"}};
  EXPECT_EQ(media_type(head), "text/event-stream");
}

}  // namespace
}  // namespace mimus::conformance
