#include "benchmarks/load/http_reply_reader.h"

#include <algorithm>
#include <charconv>

#include "api/header.h"

namespace mimus::load {
namespace {

constexpr std::size_t kMaxHead = 64 * 1024;
constexpr std::size_t kMaxChunkLine = 256;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

// The number at the start of `text`, which has to be followed by nothing but what `ends` lists; false otherwise.
bool read_number(std::string_view text, int base, std::string_view ends, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return error == std::errc() && (end == text.data() + text.size() || ends.find(*end) != std::string_view::npos);
}

}  // namespace

std::size_t HttpReplyReader::feed(std::string_view bytes, std::string& body) {
  std::size_t taken = 0;
  while (taken < bytes.size() && (state_ == State::Head || state_ == State::Body)) {
    const std::string_view rest = bytes.substr(taken);
    if (state_ == State::Head) {
      taken += feed_head(rest);
    } else if (framing_ == Framing::Chunked) {
      taken += feed_chunked(rest, body);
    } else {
      taken += feed_length(rest, body);
    }
  }
  return taken;
}

void HttpReplyReader::finish() {
  const bool is_whole = state_ == State::Done || (state_ == State::Body && framing_ == Framing::UntilClose);
  state_ = is_whole ? State::Done : State::Broken;
}

std::size_t HttpReplyReader::feed_head(std::string_view bytes) {
  const std::size_t before = line_.size();
  line_.append(bytes);
  const std::size_t end = line_.find("\r\n\r\n", before < 3 ? 0 : before - 3);
  if (end == std::string::npos) {
    if (line_.size() > kMaxHead) state_ = State::Broken;
    return bytes.size();
  }
  const std::size_t taken = end + 4 - before;
  read_head(std::string_view(line_).substr(0, end));
  line_.clear();
  return taken;
}

void HttpReplyReader::read_head(std::string_view head) {
  std::uint64_t status = 0;
  if (!head.starts_with("HTTP/1.1 ") || !read_number(head.substr(9), 10, " \r", status) || status < 100 ||
      status > 599) {
    state_ = State::Broken;
    return;
  }
  status_ = static_cast<int>(status);
  state_ = State::Body;
  for (std::size_t line = head.find('\n'); line != std::string_view::npos;) {
    const std::size_t next = head.find('\n', line + 1);
    const std::string_view field = head.substr(line + 1, next - line - 1);
    line = next;
    const std::size_t colon = field.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view value = trimmed(field.substr(colon + 1));
    if (equal_ignoring_case(field.substr(0, colon), "transfer-encoding")) {
      framing_ = Framing::Chunked;
    } else if (equal_ignoring_case(field.substr(0, colon), "content-length") && framing_ != Framing::Chunked) {
      framing_ = Framing::Length;
      if (!read_number(value, 10, "", left_)) state_ = State::Broken;
    }
  }
  if (status_ == 204 || (framing_ == Framing::Length && left_ == 0)) state_ = State::Done;
}

std::size_t HttpReplyReader::feed_length(std::string_view bytes, std::string& body) {
  if (framing_ == Framing::UntilClose) {
    body.append(bytes);
    return bytes.size();
  }
  const std::size_t taken = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
  body.append(bytes.substr(0, taken));
  left_ -= taken;
  if (left_ == 0) state_ = State::Done;
  return taken;
}

std::size_t HttpReplyReader::feed_chunked(std::string_view bytes, std::string& body) {
  const std::size_t all = bytes.size();
  while (!bytes.empty() && state_ == State::Body) {
    if (chunk_ == Chunk::Data) {
      const std::size_t taken = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
      body.append(bytes.substr(0, taken));
      bytes.remove_prefix(taken);
      left_ -= taken;
      if (left_ == 0) chunk_ = Chunk::DataEnd;
    } else if (take_line(bytes)) {
      end_chunk_line();
      line_.clear();
    }
  }
  return all - bytes.size();
}

bool HttpReplyReader::take_line(std::string_view& bytes) {
  const std::size_t end = bytes.find('\n');
  line_.append(bytes.substr(0, end));
  bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  if (line_.size() > kMaxChunkLine) state_ = State::Broken;
  return end != std::string_view::npos;
}

void HttpReplyReader::end_chunk_line() {
  if (line_.empty() || line_.back() != '\r') {
    state_ = State::Broken;
    return;
  }
  line_.pop_back();
  if (chunk_ == Chunk::Size) {
    if (!read_number(line_, 16, "; ", left_)) state_ = State::Broken;
    chunk_ = left_ == 0 ? Chunk::Trailer : Chunk::Data;
  } else if (chunk_ == Chunk::DataEnd) {
    if (!line_.empty()) state_ = State::Broken;
    chunk_ = Chunk::Size;
  } else if (line_.empty()) {
    state_ = State::Done;
  }
}

}  // namespace mimus::load
