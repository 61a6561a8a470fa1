// What went over the wire in one exchange: the request as sent, the reply as it came, and when. Values only.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "api/header.h"

namespace mimus::conformance {

struct Request {
  std::string method;
  std::string path;  // as in the request line, with the query
  std::vector<Header> headers;
  std::string body;
  bool chunked = false;  // send the body in chunks, without a length

  // The bytes that go out. Adds the framing header; a body that is empty gets one only for POST and PUT.
  [[nodiscard]] std::string to_bytes() const;
};

enum class Ending {
  Complete,       // the reply ended as its framing says
  ClosedEarly,    // the peer closed before that
  Reset,          // the connection was reset before that
  TimedOut,       // our time was over
  TooLarge,       // over a limit of head or body
  NotHttp,        // what came is not HTTP/1.1
  ConnectFailed,  // no connection
  TlsFailed,      // no TLS, or a certificate that does not fit
  Left,           // we closed in the middle, as the probe wants it
};
std::string_view name_of(Ending ending);  // "closed early"

// All bytes before `offset` had arrived `at` this long after the request began to be sent.
struct Arrival {
  std::size_t offset = 0;
  std::chrono::microseconds at{0};
};

struct Recording {
  Request request;  // with the key replaced, see redact
  std::string raw;  // the reply, head and all
  std::vector<Arrival> arrivals;
  Ending ending = Ending::Complete;
  std::string problem;  // for people; empty when Complete
  std::chrono::microseconds took{0};
  std::string lead_raw;  // the reply to a request sent before on the same connection, if the probe asked for one
  bool reused = false;   // this exchange ran on the connection of the lead
};

// Replaces `key` wherever it stands: in headers, by a word; in replies that echo it, by as many letters, so that
// lengths stay true. Keys under 8 characters are replaced in request headers only: they may be ordinary words.
void redact(Recording& recording, std::string_view key);

// Every `what` in `text` becomes `by`.
void replace_all(std::string& text, std::string_view what, std::string_view by);

inline constexpr std::size_t kShortestSecret = 8;  // anything shorter may be an ordinary word
inline constexpr std::string_view kRedacted = "REDACTED";

}  // namespace mimus::conformance
