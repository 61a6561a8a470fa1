#include "server/transport/response_scanner.h"

#include <gtest/gtest.h>

namespace mimus::server {
namespace {

using State = ResponseScanner::State;
using Pieces = std::vector<std::string>;

const std::string kHead = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";

struct Case {
  std::string name;
  std::string bytes;
  Pieces pieces;
  State state = State::Complete;
  State at_end = State::Complete;
  std::string problem = "";
  bool is_head = false;
};

class ResponseScannerTable : public testing::TestWithParam<Case> {};

TEST_P(ResponseScannerTable, ReadsWhole) {
  const Case& c = GetParam();
  ResponseScanner scanner(c.is_head);
  EXPECT_EQ(scanner.take(c.bytes), c.state);
  EXPECT_EQ(scanner.take_pieces(), c.pieces);
  EXPECT_EQ(scanner.take_end(), c.at_end);
  EXPECT_EQ(scanner.problem(), c.problem);
}

// What is not cut by the sender may arrive in any pieces; chunks stay what they were.
TEST_P(ResponseScannerTable, ReadsTheSameByteByByte) {
  const Case& c = GetParam();
  ResponseScanner scanner(c.is_head);
  std::string body;
  Pieces pieces;
  for (const char byte : c.bytes) {
    scanner.take({&byte, 1});
    for (std::string& piece : scanner.take_pieces()) {
      body += piece;
      pieces.push_back(std::move(piece));
    }
  }
  std::string expected;
  for (const std::string& piece : c.pieces) expected += piece;
  EXPECT_EQ(body, expected);
  if (scanner.has_head() && scanner.head().body == BodyEnd::Chunked) {
    EXPECT_EQ(pieces, c.pieces);
  }
  EXPECT_EQ(scanner.take_end(), c.at_end);
  EXPECT_EQ(scanner.problem(), c.problem);
}

INSTANTIATE_TEST_SUITE_P(
    Replies, ResponseScannerTable,
    testing::Values(
        Case{"length", kHead + "Content-Length: 5\r\n\r\nhello", {"hello"}},
        Case{"length_zero", kHead + "Content-Length: 0\r\n\r\n", {}},
        Case{"length_not_reached",
             kHead + "Content-Length: 9\r\n\r\nhello",
             {"hello"},
             State::NeedMore,
             State::Broken,
             "it closed the connection within its reply"},
        Case{"more_than_length", kHead + "Content-Length: 2\r\n\r\nhello", {"he"}},
        Case{"chunks",
             kHead + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3;x=y\r\ncde\r\n0\r\nTrailer: 1\r\n\r\n",
             {"ab", "cde"}},
        Case{"chunks_and_length",
             kHead + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
             {"ab"}},
        Case{"chunks_cut",
             kHead + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n5\r\ncd",
             {"ab"},
             State::NeedMore,
             State::Broken,
             "it closed the connection within its reply"},
        Case{"chunk_too_long",
             kHead + "Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n",
             {"ab"},
             State::Broken,
             State::Broken,
             "a chunk of its reply is longer than its size"},
        Case{"chunk_size_wrong",
             kHead + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
             {},
             State::Broken,
             State::Broken,
             "the size of a chunk of its reply is not a hexadecimal number"},
        Case{"until_close", "HTTP/1.0 200 OK\r\n\r\nhello", {"hello"}, State::NeedMore},
        Case{"bare_line_feeds", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", {"ok"}},
        Case{"no_body", "HTTP/1.1 204 No Content\r\n\r\n", {}},
        Case{"answer_to_head", kHead + "Content-Length: 5\r\n\r\n", {}, State::Complete, State::Complete, "", true},
        Case{"continue_first", "HTTP/1.1 100 Continue\r\n\r\n" + kHead + "Content-Length: 2\r\n\r\nok", {"ok"}},
        Case{"nothing", "", {}, State::NeedMore, State::Broken, "it closed the connection without a reply"},
        Case{"switching",
             "HTTP/1.1 101 Switching Protocols\r\n\r\n",
             {},
             State::Broken,
             State::Broken,
             "it switched protocols"},
        Case{"not_http", "SSH-2.0-x\r\n", {}, State::Broken, State::Broken, "what it sent is not an HTTP/1.1 reply"},
        Case{"coding_unknown",
             kHead + "Transfer-Encoding: gzip\r\n\r\n",
             {},
             State::Broken,
             State::Broken,
             "its Transfer-Encoding is not chunked"},
        Case{"length_wrong",
             kHead + "Content-Length: 1x\r\n\r\n",
             {},
             State::Broken,
             State::Broken,
             "its Content-Length is not a number"},
        Case{"header_without_colon",
             "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n",
             {},
             State::Broken,
             State::Broken,
             "a header of its reply is malformed"}),
    [](const auto& test) { return test.param.name; });

TEST(ResponseScanner, GivesTheHead) {
  ResponseScanner scanner(false);
  scanner.take("HTTP/1.1 429 Too Many Requests\r\nRetry-After:  1 \r\nContent-Length: 3\r\n\r\n");
  ASSERT_TRUE(scanner.has_head());
  EXPECT_EQ(scanner.head().status, 429);
  EXPECT_EQ(scanner.head().header("retry-after"), "1");
}

TEST(ResponseScanner, HandsAVeryLongChunkOnInPieces) {
  ResponseScanner scanner(false);
  const std::string data(ResponseScanner::kMostPiece + 5, 'x');
  scanner.take(kHead + "Transfer-Encoding: chunked\r\n\r\n10005\r\n" + data);
  const Pieces pieces = scanner.take_pieces();
  ASSERT_EQ(pieces.size(), 2u);
  EXPECT_EQ(pieces[1].size(), 5u);
}

TEST(ResponseScanner, RefusesAnEndlessHead) {
  ResponseScanner scanner(false);
  scanner.take("HTTP/1.1 200 OK\r\n");
  State state = State::NeedMore;
  for (int i = 0; i < 100 && state == State::NeedMore; ++i)
    state = scanner.take("X: " + std::string(10'000, 'y') + "\r\n");
  EXPECT_EQ(state, State::Broken);
  EXPECT_EQ(scanner.problem(), "the head of its reply is too large");
}

}  // namespace
}  // namespace mimus::server
