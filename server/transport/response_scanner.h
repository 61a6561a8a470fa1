// Takes the bytes that a server sends for one request apart: head, then the body in the pieces in which the sender cut
// it. Knows no socket. Its own reader, since httplib's client hands a body on in pieces of its buffer, which moves the
// borders that a recording is to keep.
// Sources: RFC 9112 4 (status line), 6 (length of a body), 7.1 (chunks).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/header.h"

namespace mimus::server {

// How the body of a reply ends.
enum class BodyEnd : std::uint8_t { Length, Chunked, Close };

struct UpstreamHead {
  int status = 0;
  std::vector<Header> headers;  // in their order, as sent
  BodyEnd body = BodyEnd::Length;
  std::uint64_t length = 0;  // BodyEnd::Length

  // The first header of this name (any case); empty when absent.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

class ResponseScanner {
 public:
  enum class State {
    NeedMore,
    Complete,  // head and body are there
    Broken,    // problem() says why; nothing more can be read
  };

  // `is_head`: the request was a HEAD, so there is no body whatever the head says.
  explicit ResponseScanner(bool is_head) : is_head_(is_head) {}

  // The next bytes of the connection. What follows a complete reply is left alone.
  State take(std::string_view bytes);
  // The sender closed. Complete where that is how the body ends.
  State take_end();

  [[nodiscard]] bool has_head() const { return stage_ > Stage::Fields; }
  [[nodiscard]] const UpstreamHead& head() const { return head_; }

  // The pieces of the body since the last call, none empty: chunks where there are chunks, but no longer than
  // kMostPiece (a longer one comes in several), else whatever arrived together.
  std::vector<std::string> take_pieces();
  static constexpr std::size_t kMostPiece = 64 * 1024;

  [[nodiscard]] std::string_view problem() const { return problem_; }  // a literal

 private:
  enum class Stage : std::uint8_t { StatusLine, Fields, Body, ChunkSize, ChunkData, ChunkEnd, Trailers, Over, Broken };

  void fail(const char* problem);
  bool next_line(std::string_view& line);
  bool step();
  void take_status_line(std::string_view line);
  void take_field(std::string_view line);
  void end_head();
  bool take_body();
  void take_chunk_size(std::string_view line);
  bool take_chunk_data();
  void add_piece(std::size_t size);
  [[nodiscard]] State state() const;

  bool is_head_;
  Stage stage_ = Stage::StatusLine;
  UpstreamHead head_;
  std::string in_;  // received and not understood yet, from `at_` on
  std::size_t at_ = 0;
  std::uint64_t remaining_ = 0;  // of the body, or of the chunk
  std::size_t line_bytes_ = 0;   // of the head, or of the trailers
  std::vector<std::string> pieces_;
  const char* problem_ = "";
};

}  // namespace mimus::server
