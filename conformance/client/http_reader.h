// Reads one HTTP/1.1 reply from bytes that arrive in any pieces. Pure: no socket, no clock.
// It keeps what it read as it was sent: no decompression, no redirects, no repair. What it cannot accept it names.
// Source: RFC 9112 (framing), RFC 9110 (fields).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "api/header.h"

namespace mimus::conformance {

struct ReplyHead {
  int status = 0;
  std::string version;  // "HTTP/1.1"
  std::string reason;
  std::vector<Header> headers;  // in order, values trimmed

  // The value of the first header of that name; nullptr when there is none.
  [[nodiscard]] const std::string* find(std::string_view name) const;
};

// The media type of a head in lower case, without parameters: "text/event-stream"; empty when there is none.
std::string media_type(const ReplyHead& head);

enum class Framing { None, Length, Chunked, UntilClose };

struct ReplyLimits {
  std::size_t head = 64 * 1024;
  std::size_t body = 8 * 1024 * 1024;
};

class HttpReader {
 public:
  enum class State {
    Head,      // the head is not complete
    Body,      // the head is, the body is not
    Done,      // the reply is complete
    Bad,       // not HTTP, see problem()
    TooLarge,  // over a limit, see problem()
  };

  // `no_body`: the reply to a HEAD request.
  explicit HttpReader(ReplyLimits limits = {}, bool no_body = false) : limits_(limits), no_body_(no_body) {}

  // Takes the next bytes and returns how many belong to this reply; the others come after it (pipelining, or junk).
  std::size_t feed(std::string_view bytes);
  // The peer closed. Completes a body that lasts until the close.
  void close();

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const ReplyHead& head() const { return head_; }
  [[nodiscard]] const std::string& body() const { return body_; }
  [[nodiscard]] Framing framing() const { return framing_; }
  [[nodiscard]] std::size_t declared_length() const { return length_; }  // with Framing::Length
  [[nodiscard]] const std::string& problem() const { return problem_; }  // empty unless Bad or TooLarge
  [[nodiscard]] bool has_head() const {
    return state_ == State::Body || state_ == State::Done || step_ >= Step::LengthBody;
  }

 private:
  enum class Step { StatusLine, HeaderLine, LengthBody, CloseBody, ChunkSize, ChunkData, ChunkEnd, Trailer, End };

  std::size_t take_line(std::string_view bytes);
  std::size_t take_body(std::string_view bytes);
  void on_line();
  void on_status_line();
  void on_header_line();
  void on_head_end();
  void choose_framing();
  void on_chunk_size();
  void bad(std::string problem);
  void too_large(std::string problem);
  void done();

  ReplyLimits limits_;
  bool no_body_;
  State state_ = State::Head;
  Step step_ = Step::StatusLine;
  std::string line_;
  std::size_t head_size_ = 0;
  ReplyHead head_;
  std::string body_;
  Framing framing_ = Framing::None;
  std::size_t length_ = 0;  // declared length of the body
  std::size_t left_ = 0;    // of the body or of the chunk
  std::string problem_;
};

}  // namespace mimus::conformance
