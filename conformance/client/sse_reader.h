// Reads a server-sent-event stream from bytes that arrive in any pieces, and keeps what a parser would throw away:
// comments, unknown fields, blocks without data, a block that the end of the stream cut off. Pure.
// Source: WHATWG HTML, 9.2 "Server-sent events".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mimus::conformance {

// The lines up to one blank line. A parser dispatches an event for it only if it has data.
struct SseBlock {
  std::string data;   // its data lines, joined with "\n"
  std::string event;  // the last event field
  std::string id;
  std::vector<std::string> unknown_fields;  // names that the standard tells parsers to ignore
  bool has_data = false;
  bool has_event = false;
  bool has_id = false;
  bool has_retry = false;
  bool has_comment = false;
  bool ended = false;     // its blank line came
  std::size_t begin = 0;  // offsets in the body
  std::size_t end = 0;
};

class SseReader {
 public:
  void feed(std::string_view bytes);
  // The stream is over. A block without its blank line is kept, not `ended`.
  void close();

  [[nodiscard]] const std::vector<SseBlock>& blocks() const { return blocks_; }
  [[nodiscard]] bool has_bom() const { return has_bom_; }

 private:
  void on_line();
  void on_field(std::string_view name, std::string_view value);
  void end_block(bool ended);

  std::vector<SseBlock> blocks_;
  SseBlock block_;
  std::string line_;
  std::size_t offset_ = 0;      // of the next byte
  std::size_t line_begin_ = 0;  // of the line under construction
  bool in_block_ = false;
  bool after_cr_ = false;  // an LF now belongs to the CR before it
  bool at_first_line_ = true;
  bool has_bom_ = false;
};

}  // namespace mimus::conformance
