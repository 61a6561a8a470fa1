#include "benchmarks/load/http_reply_reader.h"

#include <gtest/gtest.h>

namespace mimus::load {
namespace {

using State = HttpReplyReader::State;

struct Case {
  const char* name;
  std::string_view bytes;
  State state;
  int status;
  std::string_view body;
  std::size_t left_over = 0;  // bytes behind the reply
};

class HttpReply : public testing::TestWithParam<Case> {};

TEST_P(HttpReply, ReadsTheSameHoweverTheBytesAreCut) {
  const Case& c = GetParam();
  for (const std::size_t piece : {1U, 2U, 5U, 1000U}) {
    HttpReplyReader reader;
    std::string body;
    std::size_t taken = 0;
    for (std::size_t at = 0; at < c.bytes.size(); at += piece) taken += reader.feed(c.bytes.substr(at, piece), body);
    EXPECT_EQ(reader.state(), c.state) << "in pieces of " << piece;
    EXPECT_EQ(reader.status(), c.status);
    EXPECT_EQ(body, c.body);
    if (c.state == State::Done) {
      EXPECT_EQ(taken + c.left_over, c.bytes.size());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Replies, HttpReply,
    testing::Values(
        Case{"length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", State::Done, 200, "hello"},
        Case{"length_any_case", "HTTP/1.1 404 Not Found\r\ncontent-LENGTH:2\r\n\r\nno", State::Done, 404, "no"},
        Case{"next_reply_stays", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP", State::Done, 200, "a", 4},
        Case{"empty", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", State::Done, 200, ""},
        Case{"no_content", "HTTP/1.1 204 No Content\r\n\r\n", State::Done, 204, ""},
        Case{"until_close", "HTTP/1.1 200 OK\r\n\r\nabc", State::Body, 200, "abc"},
        Case{"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n",
             State::Done, 200, "abc0123456789"},
        Case{"chunk_extension", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x=y\r\na\r\n0\r\n\r\n",
             State::Done, 200, "a"},
        Case{"trailer", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n\r\n", State::Done, 200, ""},
        Case{"unfinished_chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", State::Body, 200,
             "ab"},
        Case{"bad_chunk_size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", State::Broken, 200, ""},
        Case{"chunk_longer_than_it_says", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
             State::Broken, 200, "a"},
        Case{"not_http", "SSH-2.0-OpenSSH\r\n\r\n", State::Broken, 0, ""}),
    [](const auto& row) { return row.param.name; });

TEST(HttpReplyReader, CallsAReplyBrokenThatEndsTooEarly) {
  HttpReplyReader reader;
  std::string body;
  reader.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", body);
  reader.finish();
  EXPECT_EQ(reader.state(), State::Broken);
}

TEST(HttpReplyReader, TakesTheEndOfTheConnectionForTheEndOfABodyWithoutLength) {
  HttpReplyReader reader;
  std::string body;
  reader.feed("HTTP/1.1 200 OK\r\n\r\nab", body);
  reader.finish();
  EXPECT_EQ(reader.state(), State::Done);
}

}  // namespace
}  // namespace mimus::load
