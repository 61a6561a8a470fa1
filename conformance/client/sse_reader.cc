#include "conformance/client/sse_reader.h"

namespace mimus::conformance {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

}  // namespace

// Lines end with LF, CR or CRLF. A CR ends its line at once, or an event would wait for the byte after it.
void SseReader::feed(std::string_view bytes) {
  for (const char c : bytes) {
    ++offset_;
    if (c == '\n' && after_cr_) {
      after_cr_ = false;
      line_begin_ = offset_;
      if (!in_block_ && !blocks_.empty()) blocks_.back().end = offset_;
      continue;
    }
    after_cr_ = c == '\r';
    if (c == '\n' || c == '\r') {
      on_line();
      line_.clear();
      line_begin_ = offset_;
    } else {
      line_.push_back(c);
    }
  }
}

void SseReader::close() {
  if (!line_.empty()) on_line();
  line_.clear();
  if (in_block_) end_block(false);
}

void SseReader::on_line() {
  std::string_view line = line_;
  if (at_first_line_ && line.starts_with(kBom)) {
    has_bom_ = true;
    line.remove_prefix(kBom.size());
  }
  at_first_line_ = false;
  if (line.empty()) {
    if (in_block_) end_block(true);
    return;
  }
  if (!in_block_) block_.begin = line_begin_;
  in_block_ = true;
  const std::size_t colon = line.find(':');
  if (colon == 0) {
    block_.has_comment = true;
    return;
  }
  std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  on_field(line.substr(0, colon), value);
}

void SseReader::on_field(std::string_view name, std::string_view value) {
  if (name == "data") {
    if (block_.has_data) block_.data.push_back('\n');
    block_.data.append(value);
    block_.has_data = true;
  } else if (name == "event") {
    block_.event = value;
    block_.has_event = true;
  } else if (name == "id") {
    block_.id = value;
    block_.has_id = true;
  } else if (name == "retry") {
    block_.has_retry = true;
  } else {
    block_.unknown_fields.emplace_back(name);
  }
}

void SseReader::end_block(bool ended) {
  block_.ended = ended;
  block_.end = offset_;
  blocks_.push_back(std::move(block_));
  block_ = {};
  in_block_ = false;
}

}  // namespace mimus::conformance
