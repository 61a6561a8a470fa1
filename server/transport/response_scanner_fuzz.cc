// Whatever a server sends, in whatever pieces: no crash, and the same pieces of body however it was cut, where the
// sender framed them.
#include <cstdlib>

#include "server/transport/response_scanner.h"

namespace {

using mimus::server::BodyEnd;
using mimus::server::ResponseScanner;

struct Heard {
  std::vector<std::string> pieces;
  ResponseScanner::State state = ResponseScanner::State::NeedMore;
  bool is_chunked = false;
};

Heard hear(std::string_view bytes, std::size_t step) {
  ResponseScanner scanner(false);
  Heard heard;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    scanner.take(bytes.substr(at, step));
    for (std::string& piece : scanner.take_pieces()) heard.pieces.push_back(std::move(piece));
  }
  heard.state = scanner.take_end();
  heard.is_chunked = scanner.has_head() && scanner.head().body == BodyEnd::Chunked;
  return heard;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Heard whole = hear(bytes, size + 1);
  const Heard cut = hear(bytes, 1 + size % 7);
  if (whole.state != cut.state) std::abort();
  if (whole.is_chunked && whole.pieces != cut.pieces) std::abort();
  return 0;
}
