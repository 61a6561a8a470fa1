// Reads a server-sent-event stream as its bytes arrive.
// Source: WHATWG HTML, 9.2.6 (read 2026-11). Only the data of an event is kept: chat streams use no other field.
// Not thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mimus::load {

class SseReader {
 public:
  // Takes the next bytes, wherever they are cut.
  void append(std::string_view bytes) { buffer_.append(bytes); }
  // The same for who writes them by itself: what is appended to this string comes next. Only to append to.
  std::string& input() { return buffer_; }

  // The data of the next complete event (several data lines joined by newlines) in `data`; false when there is none
  // yet. An event without data is passed over. With the same string each time nothing is allocated.
  bool next(std::string& data);

  // An event was begun that has no end yet.
  [[nodiscard]] bool is_inside_event() const { return has_data_ || read_ < buffer_.size(); }

 private:
  bool next_line(std::string_view& line);
  void take_line(std::string_view line);

  std::string buffer_;
  std::size_t read_ = 0;   // bytes of buffer_ that were taken
  bool after_cr_ = false;  // a line ended with CR, so that a LF right behind belongs to it
  bool has_data_ = false;
  std::string data_;
};

}  // namespace mimus::load
