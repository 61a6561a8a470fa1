#include "conformance/client/http_reader.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace mimus::conformance {
namespace {

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::optional<std::size_t> read_number(std::string_view text, int base) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Header names are tokens (RFC 9110, 5.6.2).
bool is_token(std::string_view text) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kOthers.find(c) != std::string_view::npos;
  });
}

}  // namespace

const std::string* ReplyHead::find(std::string_view name) const {
  for (const Header& header : headers) {
    if (equal_ignoring_case(header.name, name)) return &header.value;
  }
  return nullptr;
}

std::string media_type(const ReplyHead& head) {
  const std::string* value = head.find("content-type");
  if (value == nullptr) return {};
  return lower(trim(std::string_view(*value).substr(0, value->find(';'))));
}

std::size_t HttpReader::feed(std::string_view bytes) {
  std::size_t used = 0;
  while (used < bytes.size() && (state_ == State::Head || state_ == State::Body)) {
    const std::string_view rest = bytes.substr(used);
    const bool in_data = step_ == Step::LengthBody || step_ == Step::CloseBody || step_ == Step::ChunkData;
    used += in_data ? take_body(rest) : take_line(rest);
  }
  return used;
}

void HttpReader::close() {
  if (step_ == Step::CloseBody) done();
}

std::size_t HttpReader::take_line(std::string_view bytes) {
  const std::size_t end = bytes.find('\n');
  const std::size_t count = end == std::string_view::npos ? bytes.size() : end + 1;
  head_size_ += count;
  if (head_size_ > limits_.head) {
    too_large("the head is larger than " + std::to_string(limits_.head) + " bytes");
    return count;
  }
  line_.append(bytes.substr(0, count));
  if (end == std::string_view::npos) return count;
  line_.pop_back();
  if (!line_.empty() && line_.back() == '\r') line_.pop_back();
  on_line();
  line_.clear();
  return count;
}

std::size_t HttpReader::take_body(std::string_view bytes) {
  const std::size_t count = step_ == Step::CloseBody ? bytes.size() : std::min(left_, bytes.size());
  if (body_.size() + count > limits_.body) {
    body_.append(bytes.substr(0, limits_.body - body_.size()));
    too_large("the body is larger than " + std::to_string(limits_.body) + " bytes");
    return count;
  }
  body_.append(bytes.substr(0, count));
  if (step_ == Step::CloseBody) return count;
  left_ -= count;
  if (left_ > 0) return count;
  if (step_ == Step::LengthBody) {
    done();
  } else {
    step_ = Step::ChunkEnd;
  }
  return count;
}

void HttpReader::on_line() {
  switch (step_) {
    case Step::StatusLine:
      return on_status_line();
    case Step::HeaderLine:
      return line_.empty() ? on_head_end() : on_header_line();
    case Step::ChunkSize:
      return on_chunk_size();
    case Step::ChunkEnd:
      head_size_ =
          0;  // what bounds one chunk line and the trailer; the chunks themselves are bounded by the body limit
      step_ = Step::ChunkSize;
      if (!line_.empty()) bad("a chunk is longer than its size says");
      return;
    case Step::Trailer:
      if (line_.empty()) done();
      return;
    default:
      return;
  }
}

void HttpReader::on_status_line() {
  const std::string_view line = line_;
  const bool shaped =
      line.size() >= 12 && line.starts_with("HTTP/1.") && line[8] == ' ' && (line.size() == 12 || line[12] == ' ');
  const auto status = shaped ? read_number(line.substr(9, 3), 10) : std::nullopt;
  if (!status || *status < 100) return bad("the reply does not begin with an HTTP/1.1 status line");
  head_.version = line.substr(0, 8);
  head_.status = static_cast<int>(*status);
  head_.reason = line.size() > 13 ? line.substr(13) : "";
  step_ = Step::HeaderLine;
}

void HttpReader::on_header_line() {
  const std::size_t colon = line_.find(':');
  if (colon == std::string::npos || !is_token(std::string_view(line_).substr(0, colon))) {
    return bad("a header line has no valid name");
  }
  const std::string_view line = line_;
  head_.headers.push_back({std::string(line.substr(0, colon)), std::string(trim(line.substr(colon + 1)))});
}

void HttpReader::on_head_end() {
  if (head_.status < 200) {  // an interim reply, such as 100 Continue: the real one follows
    head_ = {};
    step_ = Step::StatusLine;
    return;
  }
  state_ = State::Body;
  head_size_ = 0;
  choose_framing();
}

// RFC 9112, 6.3.
void HttpReader::choose_framing() {
  if (no_body_ || head_.status == 204 || head_.status == 304) return done();
  const std::string* coding = head_.find("transfer-encoding");
  if (coding != nullptr && lower(*coding).ends_with("chunked")) {
    framing_ = Framing::Chunked;
    step_ = Step::ChunkSize;
    return;
  }
  const std::string* length = coding == nullptr ? head_.find("content-length") : nullptr;
  if (length == nullptr) {
    framing_ = Framing::UntilClose;
    step_ = Step::CloseBody;
    return;
  }
  const auto number = read_number(*length, 10);
  const bool same = std::all_of(head_.headers.begin(), head_.headers.end(), [&](const Header& header) {
    return !equal_ignoring_case(header.name, "content-length") || header.value == *length;
  });
  framing_ = Framing::Length;
  if (!number || !same) return bad("Content-Length is not one number");
  length_ = left_ = *number;
  step_ = Step::LengthBody;
  if (left_ == 0) done();
}

void HttpReader::on_chunk_size() {
  const std::string_view line = line_;
  const auto size = read_number(trim(line.substr(0, line.find(';'))), 16);
  if (!size) return bad("a chunk size is not a hexadecimal number");
  left_ = *size;
  step_ = left_ == 0 ? Step::Trailer : Step::ChunkData;
}

void HttpReader::bad(std::string problem) {
  problem_ = std::move(problem);
  state_ = State::Bad;
}

void HttpReader::too_large(std::string problem) {
  problem_ = std::move(problem);
  state_ = State::TooLarge;
}

void HttpReader::done() {
  state_ = State::Done;
  step_ = Step::End;
}

}  // namespace mimus::conformance
