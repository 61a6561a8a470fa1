#include "server/transport/request_scanner.h"

#include <algorithm>

#include "api/header.h"
#include "server/transport/http_grammar.h"

namespace mimus::server {

RequestScanner::State RequestScanner::scan(std::string_view bytes, const RequestLimits& limits) {
  if (stage_ < Stage::Body) scan_lines(bytes, limits);
  if (stage_ >= Stage::Body && stage_ < Stage::Complete) scan_body(bytes, limits);
  if (stage_ == Stage::Refused) return State::Refused;
  return stage_ == Stage::Complete ? State::Complete : State::NeedMore;
}

bool RequestScanner::take_expects_continue() {
  const bool waits = has_expect_ && has_head() && stage_ < Stage::Complete;
  if (waits) has_expect_ = false;
  return waits;
}

void RequestScanner::refuse(int status, const char* reason) {
  stage_ = Stage::Refused;
  status_ = status;
  reason_ = reason;
}

// Takes the next line, without its CRLF. False: there is none yet, or it was refused. `limit` is the offset that the
// line must not pass.
bool RequestScanner::next_line(std::string_view bytes, std::size_t limit, std::string_view& line) {
  const std::size_t lf = bytes.find('\n', std::max(searched_, position_));
  if (std::min(lf, bytes.size()) > limit) {
    refuse(431, "the head of the request is too large");
    return false;
  }
  if (lf == std::string_view::npos) {
    searched_ = bytes.size();
    return false;
  }
  line = bytes.substr(position_, lf - position_);
  position_ = searched_ = lf + 1;
  if (!line.ends_with('\r')) {
    refuse(400, "a line of the request does not end with CR LF");
    return false;
  }
  line.remove_suffix(1);
  return true;
}

void RequestScanner::scan_lines(std::string_view bytes, const RequestLimits& limits) {
  std::string_view line;
  while (stage_ < Stage::Body) {
    if (!next_line(bytes, limits.max_head_bytes, line)) break;
    if (stage_ == Stage::RequestLine) {
      if (line.empty()) {
        head_begin_ = position_;  // RFC 9112, 2.2: a server should ignore empty lines ahead of the request
      } else {
        take_request_line(line);
      }
    } else if (line.empty()) {
      end_head(limits);
    } else {
      take_field(line);
    }
  }
  // Not even a method begins like this (a TLS greeting, for one): no need to wait for a line end.
  if (stage_ == Stage::RequestLine && bytes.size() > position_ && bytes[position_] != '\r' &&
      !is_token_char(bytes[position_])) {
    refuse(400, "this is not an HTTP request");
  }
}

void RequestScanner::take_request_line(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
  if (second == std::string_view::npos) return refuse(400, "the request line is not: method, target, version");
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, second - first - 1);
  const std::string_view version = line.substr(second + 1);
  if (!is_token(method) || !is_target(target)) return refuse(400, "the request line holds forbidden characters");
  if (version.size() != 8 || !version.starts_with("HTTP/") || !is_digit(version[5]) || version[6] != '.' ||
      !is_digit(version[7])) {
    return refuse(400, "the request line does not end with an HTTP version");
  }
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return refuse(505, "only HTTP/1.0 and HTTP/1.1 are spoken here");
  traits_.is_head = method == "HEAD";
  traits_.is_http_10 = version[7] == '0';
  traits_.keep_alive = !traits_.is_http_10;
  stage_ = Stage::Fields;
}

void RequestScanner::take_field(std::string_view line) {
  if (line[0] == ' ' || line[0] == '\t') return refuse(400, "a header is folded over several lines");
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return refuse(400, "a header has no colon");
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trim_blanks(line.substr(colon + 1));
  if (!is_token(name)) return refuse(400, "the name of a header holds forbidden characters");
  if (!is_field_value(value)) return refuse(400, "the value of a header holds forbidden characters");
  switch (name.size()) {  // the lengths of the few names that matter here
    case 4:
      if (!equal_ignoring_case(name, "host")) return;
      if (has_host_) return refuse(400, "there are several Host headers");
      has_host_ = true;
      return;
    case 6:
      if (equal_ignoring_case(name, "origin")) traits_.has_origin = true;
      if (!equal_ignoring_case(name, "expect")) return;
      if (!equal_ignoring_case(value, "100-continue")) return refuse(417, "the only known expectation is 100-continue");
      has_expect_ = !traits_.is_http_10;
      return;
    case 10:
      if (!equal_ignoring_case(name, "connection")) return;
      if (list_has(value, "close"))
        traits_.keep_alive = false;
      else if (list_has(value, "keep-alive"))
        traits_.keep_alive = true;
      return;
    case 14:
      if (equal_ignoring_case(name, "content-length")) take_length(value);
      return;
    case 17:
      if (equal_ignoring_case(name, "transfer-encoding")) take_coding(value);
      return;
    default:
      return;
  }
}

void RequestScanner::take_length(std::string_view value) {
  if (has_length_) return refuse(400, "there are several Content-Length headers");
  if (framing_ == Framing::Chunked) return refuse(400, "Content-Length and Transfer-Encoding contradict each other");
  if (!read_decimal(value, remaining_)) return refuse(400, "Content-Length is not a number");
  has_length_ = true;
  framing_ = Framing::Length;
}

void RequestScanner::take_coding(std::string_view value) {
  if (has_length_) return refuse(400, "Content-Length and Transfer-Encoding contradict each other");
  if (framing_ == Framing::Chunked) return refuse(400, "there are several Transfer-Encoding headers");
  if (traits_.is_http_10) return refuse(400, "HTTP/1.0 has no Transfer-Encoding");
  if (!equal_ignoring_case(value, "chunked")) return refuse(501, "the only known Transfer-Encoding is chunked");
  framing_ = Framing::Chunked;
}

void RequestScanner::end_head(const RequestLimits& limits) {
  if (!has_host_ && !traits_.is_http_10) return refuse(400, "there is no Host header");
  head_end_ = position_;
  if (framing_ == Framing::Chunked) {
    stage_ = Stage::ChunkSize;
  } else if (remaining_ > limits.max_body_bytes) {
    refuse(413, "the body of the request is too large");
  } else {
    stage_ = Stage::Body;
  }
}

void RequestScanner::scan_body(std::string_view bytes, const RequestLimits& limits) {
  if (framing_ == Framing::Chunked) return scan_chunked(bytes, limits);
  if (bytes.size() - head_end_ < remaining_) return;
  position_ = head_end_ + static_cast<std::size_t>(remaining_);
  stage_ = Stage::Complete;
}

void RequestScanner::scan_chunked(std::string_view bytes, const RequestLimits& limits) {
  constexpr std::size_t kMaxSizeLine = 1024;  // the size with its extensions, which nobody uses
  std::string_view line;
  while (stage_ < Stage::Complete) {
    if (stage_ != Stage::Trailers && position_ - head_end_ > limits.max_body_bytes) {
      return refuse(413, "the body of the request is too large");
    }
    switch (stage_) {
      case Stage::ChunkSize:
        if (!next_line(bytes, position_ + kMaxSizeLine, line)) {
          if (status_ == 431) refuse(400, "the size of a chunk is not a hexadecimal number");
          return;
        }
        take_chunk_size(line);
        if (stage_ == Stage::ChunkData &&
            remaining_ > limits.max_body_bytes - std::min(limits.max_body_bytes, decoded_.size())) {
          refuse(413, "the body of the request is too large");
        }
        break;
      case Stage::ChunkData: {
        const std::size_t here = std::min<std::uint64_t>(bytes.size() - position_, remaining_);
        decoded_.append(bytes.substr(position_, here));
        position_ += here;
        remaining_ -= here;
        if (remaining_ > 0) return;
        stage_ = Stage::ChunkEnd;
        break;
      }
      case Stage::ChunkEnd: {
        const std::string_view end = bytes.substr(position_, 2);
        if (!std::string_view("\r\n").starts_with(end)) return refuse(400, "a chunk is longer than its size");
        if (end.size() < 2) return;
        position_ += 2;
        stage_ = Stage::ChunkSize;
        break;
      }
      default:  // Trailers: checked like headers, then forgotten
        if (!next_line(bytes, trailers_begin_ + limits.max_head_bytes, line)) return;
        if (line.empty()) {
          stage_ = Stage::Complete;
        } else if (line.find(':') == std::string_view::npos || !is_token(line.substr(0, line.find(':'))) ||
                   !is_field_value(line)) {
          return refuse(400, "a trailer is not a header");
        }
    }
  }
}

void RequestScanner::take_chunk_size(std::string_view line) {
  const std::string_view digits = trim_blanks(line.substr(0, line.find(';')));
  if (!line.starts_with(digits) || !read_hex(digits, remaining_) || !is_field_value(line)) {
    return refuse(400, "the size of a chunk is not a hexadecimal number");
  }
  trailers_begin_ = position_;
  stage_ = remaining_ == 0 ? Stage::Trailers : Stage::ChunkData;
}

}  // namespace mimus::server
