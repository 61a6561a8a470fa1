#include "server/transport/request_scanner.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mimus::server {
namespace {

using State = RequestScanner::State;

const RequestLimits kSmall{.max_head_bytes = 200, .max_body_bytes = 40};

struct Case {
  const char* name;
  std::string bytes;
  int status;        // 0: complete
  std::string body;  // decoded
  std::string rest;  // behind the request
};

std::string get(const std::string& fields) {
  return "GET / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
}
std::string post(const std::string& fields, const std::string& body) {
  return "POST /v1 HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n" + body;
}
std::string chunked(const std::string& body) {
  return post("Transfer-Encoding: chunked\r\n", body);
}

std::vector<Case> accepted() {
  return {
      {"no body", get(""), 0, "", ""},
      {"pipelined", get("") + "GET /2", 0, "", "GET /2"},
      {"empty lines ahead", "\r\n\r\n" + get(""), 0, "", ""},
      {"blanks around a value", get("A:\t b \r\n"), 0, "", ""},
      {"a tab in a value", get("A: b\tc\r\n"), 0, "", ""},
      {"empty value", get("A:\r\n"), 0, "", ""},
      {"bytes above ASCII in a value", get("A: \xc3\xa4\r\n"), 0, "", ""},
      {"HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", 0, "", ""},
      {"length", post("Content-Length: 5\r\n", "hello!"), 0, "hello", "!"},
      {"length zero", post("Content-Length: 0\r\n", "x"), 0, "", "x"},
      {"length in capitals", post("CONTENT-LENGTH: 2\r\n", "ab"), 0, "ab", ""},
      {"a body of line ends", post("Content-Length: 4\r\n", "\r\n\r\n"), 0, "\r\n\r\n", ""},
      {"length at the limit", post("Content-Length: 40\r\n", std::string(40, 'x')), 0, std::string(40, 'x'), ""},
      {"chunks", chunked("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\nGET"), 0, "abcde", "GET"},
      {"chunk sizes in both cases", chunked("A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n"), 0,
       "01234567890123456789", ""},
      {"chunk extension", chunked("1;a=b\r\nx\r\n0;c\r\n\r\n"), 0, "x", ""},
      {"trailers", chunked("1\r\nx\r\n0\r\nA: b\r\nC: d\r\n\r\n"), 0, "x", ""},
      {"no chunk but the last", chunked("0\r\n\r\n"), 0, "", ""},
      {"expectation", post("Expect: 100-Continue\r\nContent-Length: 1\r\n", "x"), 0, "x", ""},
  };
}

std::vector<Case> refused_heads() {
  using namespace std::string_literals;
  return {
      {"garbage", "\x16\x03\x01\x02"s, 400, "", ""},
      {"one word", "GET\r\n", 400, "", ""},
      {"two words", "GET /\r\n", 400, "", ""},
      {"two blanks", "GET  / HTTP/1.1\r\n", 400, "", ""},
      {"a blank in the target", "GET /a b HTTP/1.1\r\n", 400, "", ""},
      {"a control character in the target", "GET /\x01 HTTP/1.1\r\n", 400, "", ""},
      {"a comma in the method", "G,T / HTTP/1.1\r\n", 400, "", ""},
      {"version in small letters", "GET / http/1.1\r\n", 400, "", ""},
      {"version too long", "GET / HTTP/1.10\r\n", 400, "", ""},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n", 505, "", ""},
      {"HTTP/0.9", "GET / HTTP/0.9\r\n", 505, "", ""},
      {"HTTP/1.2", "GET / HTTP/1.2\r\n", 505, "", ""},
      {"bare LF behind the request line", "GET / HTTP/1.1\nHost: x\r\n\r\n", 400, "", ""},
      {"bare LF behind a field", "GET / HTTP/1.1\r\nHost: x\n\r\n", 400, "", ""},
      {"bare LF at the end", "GET / HTTP/1.1\r\nHost: x\r\n\n", 400, "", ""},
      {"bare CR in a field", get("A: b\rc\r\n"), 400, "", ""},
      {"NUL in a value", get("A: b\0c\r\n"s), 400, "", ""},
      {"NUL in a name", get("A\0: b\r\n"s), 400, "", ""},
      {"folded field", get("A: b\r\n c\r\n"), 400, "", ""},
      {"blank before the colon", get("A : b\r\n"), 400, "", ""},
      {"no colon", get("A\r\n"), 400, "", ""},
      {"no name", get(": b\r\n"), 400, "", ""},
      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400, "", ""},
      {"two Hosts", get("Host: y\r\n"), 400, "", ""},
      {"two equal lengths", post("Content-Length: 1\r\nContent-Length: 1\r\n", "x"), 400, "", ""},
      {"two lengths", post("Content-Length: 1\r\ncontent-length: 2\r\n", "x"), 400, "", ""},
      {"a list of lengths", post("Content-Length: 1, 1\r\n", "x"), 400, "", ""},
      {"signed length", post("Content-Length: +1\r\n", "x"), 400, "", ""},
      {"negative length", post("Content-Length: -1\r\n", "x"), 400, "", ""},
      {"hexadecimal length", post("Content-Length: 0x1\r\n", "x"), 400, "", ""},
      {"empty length", post("Content-Length:\r\n", ""), 400, "", ""},
      {"endless length", post("Content-Length: 99999999999999999999999\r\n", ""), 400, "", ""},
      {"length, then chunks", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400, "", ""},
      {"chunks, then length", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), 400, "", ""},
      {"chunked twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", ""), 400, "", ""},
      {"another coding", post("Transfer-Encoding: gzip, chunked\r\n", ""), 501, "", ""},
      {"nearly chunked", post("Transfer-Encoding: xchunked\r\n", ""), 501, "", ""},
      {"chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "", ""},
      {"other expectation", post("Expect: tea\r\n", ""), 417, "", ""},
  };
}

std::vector<Case> refused_for_size_or_chunks() {
  return {
      {"head too large", get("A: " + std::string(200, 'a') + "\r\n"), 431, "", ""},
      {"request line too large", "GET /" + std::string(300, 'a'), 431, "", ""},
      {"length over the limit", post("Content-Length: 41\r\n", ""), 413, "", ""},
      {"chunk over the limit", chunked("29\r\n"), 413, "", ""},
      {"chunks over the limit", chunked("14\r\n" + std::string(20, 'x') + "\r\n15\r\n"), 413, "", ""},
      {"many tiny chunks", chunked("1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n"),
       413, "", ""},
      {"chunk size with a sign", chunked("+1\r\nx\r\n"), 400, "", ""},
      {"chunk size with a prefix", chunked("0x1\r\nx\r\n"), 400, "", ""},
      {"chunk size behind a blank", chunked(" 1\r\nx\r\n"), 400, "", ""},
      {"empty chunk size", chunked("\r\nx\r\n"), 400, "", ""},
      {"endless chunk size", chunked("ffffffffffffffffff\r\n"), 400, "", ""},
      {"endless chunk extension", chunked("1;" + std::string(2000, 'a')), 400, "", ""},
      {"bare LF behind a chunk size", chunked("1\nx\r\n0\r\n\r\n"), 400, "", ""},
      {"chunk longer than its size", chunked("1\r\nxy\r\n0\r\n\r\n"), 400, "", ""},
      {"chunk without its end", chunked("1\r\nx0\r\n\r\n"), 400, "", ""},
      {"trailer without colon", chunked("0\r\nA\r\n\r\n"), 400, "", ""},
      {"trailers too large", chunked("0\r\nA: " + std::string(300, 'a') + "\r\n\r\n"), 431, "", ""},
  };
}

std::vector<Case> cases() {
  std::vector<Case> all = accepted();
  for (const auto& more : {refused_heads(), refused_for_size_or_chunks()})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

// Gives the scanner a growing buffer, `step` more bytes each time, up to where it makes up its mind.
State scan(RequestScanner& scanner, const std::string& bytes, std::size_t first, std::size_t step) {
  State state = State::NeedMore;
  for (std::size_t size = first; state == State::NeedMore; size += step) {
    // A copy of exactly this size, so that the address sanitizer sees every look beyond it.
    const std::string part = bytes.substr(0, size);
    state = scanner.scan(part, kSmall);
    if (size >= bytes.size()) break;
  }
  return state;
}

void expect_case(const Case& c, std::size_t first, std::size_t step) {
  RequestScanner scanner;
  const State state = scan(scanner, c.bytes, first, step);
  ASSERT_EQ(state, c.status == 0 ? State::Complete : State::Refused) << "first " << first << ", step " << step;
  if (c.status != 0) {
    EXPECT_EQ(scanner.status(), c.status) << scanner.reason();
    EXPECT_FALSE(scanner.reason().empty());
    return;
  }
  EXPECT_EQ(scanner.body(c.bytes), c.body);
  EXPECT_EQ(c.bytes.substr(scanner.size()), c.rest);
  EXPECT_TRUE(scanner.head(c.bytes).ends_with("\r\n\r\n"));
}

TEST(RequestScanner, FindsTheEndOrTheFaultWhereverTheBytesAreSplit) {
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.name);
    for (std::size_t split = 1; split <= c.bytes.size(); ++split) expect_case(c, split, c.bytes.size());
    for (const std::size_t step : {1, 2, 3, 7}) expect_case(c, 1, step);
  }
}

TEST(RequestScanner, NeedsMoreAtEveryCutOfACompleteRequest) {
  for (const Case& c : cases()) {
    if (c.status != 0) continue;
    SCOPED_TRACE(c.name);
    const std::size_t size = c.bytes.size() - c.rest.size();
    for (std::size_t cut = 0; cut < size; ++cut) {
      RequestScanner scanner;
      EXPECT_EQ(scanner.scan(std::string_view(c.bytes).substr(0, cut), kSmall), State::NeedMore) << cut;
    }
  }
}

TEST(RequestScanner, TellsOnceThatTheClientWaitsForContinue) {
  const std::string bytes = post("Expect: 100-continue\r\nContent-Length: 1\r\n", "x");
  RequestScanner scanner;
  EXPECT_EQ(scanner.scan(std::string_view(bytes).substr(0, 20), kSmall), State::NeedMore);
  EXPECT_FALSE(scanner.take_expects_continue()) << "the head is not complete";
  EXPECT_EQ(scanner.scan(std::string_view(bytes).substr(0, bytes.size() - 1), kSmall), State::NeedMore);
  EXPECT_TRUE(scanner.take_expects_continue());
  EXPECT_FALSE(scanner.take_expects_continue());
}

TEST(RequestScanner, DoesNotAskForABodyThatIsThere) {
  const std::string bytes = post("Expect: 100-continue\r\nContent-Length: 1\r\n", "x");
  RequestScanner scanner;
  EXPECT_EQ(scanner.scan(bytes, kSmall), State::Complete);
  EXPECT_FALSE(scanner.take_expects_continue());
}

TEST(RequestScanner, KnowsWhetherTheConnectionMayBeKept) {
  const std::vector<std::pair<std::string, bool>> rows = {
      {get(""), true},
      {get("Connection: close\r\n"), false},
      {get("Connection: Keep-Alive, CLOSE\r\n"), false},
      {get("Connection: closed\r\n"), true},
      {"GET / HTTP/1.0\r\n\r\n", false},
      {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true},
  };
  for (const auto& [bytes, keeps] : rows) {
    RequestScanner scanner;
    ASSERT_EQ(scanner.scan(bytes, kSmall), State::Complete) << bytes;
    EXPECT_EQ(scanner.traits().keep_alive, keeps) << bytes;
  }
}

}  // namespace
}  // namespace mimus::server
