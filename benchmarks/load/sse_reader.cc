#include "benchmarks/load/sse_reader.h"

namespace mimus::load {

bool SseReader::next(std::string& data) {
  std::string_view line;
  while (next_line(line)) {
    if (!line.empty()) {
      take_line(line);
    } else if (has_data_) {
      has_data_ = false;
      data.swap(data_);  // and keep the room of both
      data_.clear();
      return true;
    }
  }
  buffer_.erase(0, read_);
  read_ = 0;
  return false;
}

bool SseReader::next_line(std::string_view& line) {
  if (after_cr_ && read_ < buffer_.size()) {
    after_cr_ = false;
    if (buffer_[read_] == '\n') ++read_;
  }
  const std::string_view left = std::string_view(buffer_).substr(read_);
  // Two searches of one byte are faster than one of two.
  const std::string_view to_lf = left.substr(0, left.find('\n'));
  const std::size_t cr = to_lf.find('\r');
  if (cr == std::string_view::npos && to_lf.size() == left.size()) return false;
  line = to_lf.substr(0, cr);
  const std::size_t end = read_ + line.size();
  after_cr_ = buffer_[end] == '\r';
  read_ = end + 1;
  return true;
}

void SseReader::take_line(std::string_view line) {
  constexpr std::string_view kField = "data";
  if (!line.starts_with(kField)) return;
  line.remove_prefix(kField.size());
  if (!line.empty() && line.front() != ':') return;  // another field that only begins with "data"
  if (!line.empty()) line.remove_prefix(1);
  if (line.starts_with(' ')) line.remove_prefix(1);
  if (has_data_) data_ += '\n';
  data_ += line;
  has_data_ = true;
}

}  // namespace mimus::load
