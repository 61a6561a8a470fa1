#include "server/transport/response_scanner.h"

#include <algorithm>
#include <utility>

#include "server/transport/http_grammar.h"

namespace mimus::server {
namespace {

constexpr std::size_t kMostHeadBytes = 256 * 1024;

}  // namespace

std::string_view UpstreamHead::header(std::string_view name) const {
  for (const Header& header : headers) {
    if (equal_ignoring_case(header.name, name)) return header.value;
  }
  return {};
}

ResponseScanner::State ResponseScanner::take(std::string_view bytes) {
  in_.append(bytes);
  while (stage_ < Stage::Over && step()) {
  }
  in_.erase(0, at_);
  at_ = 0;
  return state();
}

ResponseScanner::State ResponseScanner::take_end() {
  if (stage_ == Stage::Body && head_.body == BodyEnd::Close) {
    stage_ = Stage::Over;
  } else if (stage_ < Stage::Over) {
    fail(has_head() ? "it closed the connection within its reply" : "it closed the connection without a reply");
  }
  return state();
}

std::vector<std::string> ResponseScanner::take_pieces() {
  return std::exchange(pieces_, {});
}

ResponseScanner::State ResponseScanner::state() const {
  if (stage_ == Stage::Broken) return State::Broken;
  return stage_ == Stage::Over ? State::Complete : State::NeedMore;
}

void ResponseScanner::fail(const char* problem) {
  stage_ = Stage::Broken;
  problem_ = problem;
}

// A line without its end; a bare LF is an end as well (RFC 9112, 2.2). False: there is none yet, or it is too long.
bool ResponseScanner::next_line(std::string_view& line) {
  const std::size_t lf = in_.find('\n', at_);
  line_bytes_ += std::min(lf, in_.size()) - at_;
  if (line_bytes_ > kMostHeadBytes) return fail("the head of its reply is too large"), false;
  if (lf == std::string::npos) {
    line_bytes_ -= in_.size() - at_;
    return false;
  }
  line = std::string_view(in_).substr(at_, lf - at_);
  if (line.ends_with('\r')) line.remove_suffix(1);
  at_ = lf + 1;
  return true;
}

// Goes one step on. False: more bytes are needed.
bool ResponseScanner::step() {
  if (stage_ == Stage::Body) return take_body();
  if (stage_ == Stage::ChunkData) return take_chunk_data();
  std::string_view line;
  if (!next_line(line)) return false;
  switch (stage_) {
    case Stage::StatusLine:
      take_status_line(line);
      break;
    case Stage::Fields:
      line.empty() ? end_head() : take_field(line);
      break;
    case Stage::ChunkSize:
      take_chunk_size(line);
      break;
    case Stage::ChunkEnd:
      stage_ = Stage::ChunkSize;
      if (!line.empty()) fail("a chunk of its reply is longer than its size");
      break;
    default:  // Trailers, which nobody reads
      if (line.empty()) stage_ = Stage::Over;
  }
  return true;
}

void ResponseScanner::take_status_line(std::string_view line) {
  std::uint64_t status = 0;
  const bool is_http = line.size() >= 12 && line.starts_with("HTTP/1.") && is_digit(line[7]) && line[8] == ' ';
  if (!is_http || !read_decimal(line.substr(9, 3), status) || status < 100) {
    return fail("what it sent is not an HTTP/1.1 reply");
  }
  head_.status = static_cast<int>(status);
  stage_ = Stage::Fields;
}

void ResponseScanner::take_field(std::string_view line) {
  const std::size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  if (colon == std::string_view::npos || !is_token(name)) return fail("a header of its reply is malformed");
  const std::string_view value = trim_blanks(line.substr(colon + 1));
  if (!is_field_value(value)) return fail("the value of a header of its reply holds forbidden characters");
  head_.headers.push_back({std::string(name), std::string(value)});
}

// RFC 9112, 6.3.
void ResponseScanner::end_head() {
  line_bytes_ = 0;
  if (head_.status < 200) {  // 100 Continue and the like: the reply itself follows
    if (head_.status == 101) return fail("it switched protocols");
    head_ = {};
    stage_ = Stage::StatusLine;
    return;
  }
  const std::string_view coding = head_.header("transfer-encoding");
  const std::string_view length = head_.header("content-length");
  if (is_head_ || head_.status == 204 || head_.status == 304) {
    stage_ = Stage::Over;
  } else if (!coding.empty()) {
    if (!equal_ignoring_case(coding, "chunked")) return fail("its Transfer-Encoding is not chunked");
    head_.body = BodyEnd::Chunked;
    stage_ = Stage::ChunkSize;
  } else if (!length.empty()) {
    if (!read_decimal(length, head_.length)) return fail("its Content-Length is not a number");
    remaining_ = head_.length;
    stage_ = remaining_ == 0 ? Stage::Over : Stage::Body;
  } else {
    head_.body = BodyEnd::Close;
    stage_ = Stage::Body;
  }
}

bool ResponseScanner::take_body() {
  std::size_t size = std::min(in_.size() - at_, kMostPiece);
  if (head_.body == BodyEnd::Length) size = std::min<std::uint64_t>(size, remaining_);
  if (size == 0) return false;
  add_piece(size);
  if (head_.body == BodyEnd::Length && (remaining_ -= size) == 0) stage_ = Stage::Over;
  return true;
}

void ResponseScanner::take_chunk_size(std::string_view line) {
  line_bytes_ = 0;
  if (!read_hex(trim_blanks(line.substr(0, line.find(';'))), remaining_)) {
    return fail("the size of a chunk of its reply is not a hexadecimal number");
  }
  stage_ = remaining_ == 0 ? Stage::Trailers : Stage::ChunkData;
}

// A chunk goes on when all of it is there, so that its borders stay, but for one that nobody should have to wait for.
bool ResponseScanner::take_chunk_data() {
  const std::size_t size = std::min<std::uint64_t>(remaining_, kMostPiece);
  if (in_.size() - at_ < size) return false;
  add_piece(size);
  if ((remaining_ -= size) == 0) stage_ = Stage::ChunkEnd;
  return true;
}

void ResponseScanner::add_piece(std::size_t size) {
  pieces_.push_back(in_.substr(at_, size));
  at_ += size;
}

}  // namespace mimus::server
