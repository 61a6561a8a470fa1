// Reads one HTTP/1.1 reply as its bytes arrive, and takes the chunking off its body.
// Source: RFC 9112, 4, 6 and 7. Enough for a load client: no trailers kept, no 1xx, no upgrade.
// Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mimus::load {

class HttpReplyReader {
 public:
  enum class State {
    Head,
    Body,
    Done,    // the reply is complete; what follows belongs to the next one
    Broken,  // not HTTP/1.1, or a chunk is not what it says
  };

  // Takes `bytes` and appends those of the body to `body`. Gives how many were taken: all, unless Done or Broken.
  std::size_t feed(std::string_view bytes, std::string& body);

  // The connection ended. A body without a length is complete then; any other reply is Broken unless it was Done.
  void finish();

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] int status() const { return status_; }  // 0 before the head is complete

 private:
  enum class Framing { UntilClose, Length, Chunked };
  enum class Chunk { Size, Data, DataEnd, Trailer };

  std::size_t feed_head(std::string_view bytes);
  std::size_t feed_length(std::string_view bytes, std::string& body);
  std::size_t feed_chunked(std::string_view bytes, std::string& body);
  bool take_line(std::string_view& bytes);  // into line_; false when its end has not come yet
  void end_chunk_line();
  void read_head(std::string_view head);

  State state_ = State::Head;
  Framing framing_ = Framing::UntilClose;
  Chunk chunk_ = Chunk::Size;
  int status_ = 0;
  std::uint64_t left_ = 0;  // bytes of the body, or of the chunk, that are still to come
  std::string line_;        // the head, or a line of the chunking, as far as it came
};

}  // namespace mimus::load
