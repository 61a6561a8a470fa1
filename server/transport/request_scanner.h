// Finds the end of one HTTP/1.x request in a growing buffer, and refuses what no careful server would pass on.
// Pure: no socket, no clock. The scanner and httplib must agree on where a request ends, or a second request could be
// smuggled in the first one's body; so everything ambiguous is refused here, before httplib sees a byte.
// Source: RFC 9112 (message format, 2.2 bare CR and LF, 5.2 folding, 6.1 and 6.3 length, 7.1 chunks), RFC 9110 10.1.1
// (Expect), 15.5 and 15.6 (statuses), RFC 6585 5 (431).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mimus::server {

struct RequestLimits {
  std::size_t max_head_bytes = 64 * 1024;         // request line and fields; trailers count anew
  std::size_t max_body_bytes = 64 * 1024 * 1024;  // as received: the framing of chunks counts
};

// What the head says about how the reply must be framed.
struct RequestTraits {
  bool is_head = false;     // HEAD: no body in the reply
  bool is_http_10 = false;  // the client knows no chunks
  bool keep_alive = true;   // what the client wants
  bool has_origin = false;  // a browser asks from another site
};

class RequestScanner {
 public:
  enum class State {
    NeedMore,  // the request is not complete
    Complete,  // size() bytes belong to it
    Refused,   // status() and reason() say why; the connection must be closed
  };

  // Looks at `bytes`: all that has arrived since the first byte of this request, old bytes included and unchanged.
  // Each byte is examined once, however the bytes arrive.
  State scan(std::string_view bytes, const RequestLimits& limits);

  // The head is complete; traits() is valid from here on.
  [[nodiscard]] bool has_head() const { return stage_ > Stage::Fields; }
  // The client waits for "100 Continue" before it sends the body. True once, then never again.
  bool take_expects_continue();

  [[nodiscard]] RequestTraits traits() const { return traits_; }

  // Of a complete request:
  [[nodiscard]] std::size_t size() const { return position_; }
  [[nodiscard]] std::string_view head(std::string_view bytes) const {  // with its empty line
    return bytes.substr(head_begin_, head_end_ - head_begin_);
  }
  [[nodiscard]] std::string_view body(std::string_view bytes) const {  // decoded from chunks
    return framing_ == Framing::Chunked ? std::string_view(decoded_) : bytes.substr(head_end_, position_ - head_end_);
  }

  // Of a refused one:
  [[nodiscard]] int status() const { return status_; }
  [[nodiscard]] std::string_view reason() const { return reason_; }  // a literal

 private:
  enum class Stage : std::uint8_t {
    RequestLine,
    Fields,
    Body,
    ChunkSize,
    ChunkData,
    ChunkEnd,
    Trailers,
    Complete,
    Refused
  };
  enum class Framing : std::uint8_t { None, Length, Chunked };

  void refuse(int status, const char* reason);
  bool next_line(std::string_view bytes, std::size_t limit, std::string_view& line);
  void scan_lines(std::string_view bytes, const RequestLimits& limits);
  void scan_body(std::string_view bytes, const RequestLimits& limits);
  void scan_chunked(std::string_view bytes, const RequestLimits& limits);
  void take_request_line(std::string_view line);
  void take_field(std::string_view line);
  void take_length(std::string_view value);
  void take_coding(std::string_view value);
  void take_chunk_size(std::string_view line);
  void end_head(const RequestLimits& limits);

  std::size_t position_ = 0;    // everything before it is understood
  std::size_t searched_ = 0;    // no line end before it
  std::size_t head_begin_ = 0;  // behind empty lines that some clients send ahead
  std::size_t head_end_ = 0;
  std::uint64_t remaining_ = 0;  // of the body, or of the chunk
  std::size_t trailers_begin_ = 0;
  std::string decoded_;
  const char* reason_ = "";
  int status_ = 0;
  Stage stage_ = Stage::RequestLine;
  Framing framing_ = Framing::None;
  RequestTraits traits_;
  bool has_host_ = false;
  bool has_length_ = false;
  bool has_expect_ = false;
};

}  // namespace mimus::server
