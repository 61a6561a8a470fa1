// The scanner must come to the same verdict however the bytes arrive, and never look beyond them.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "server/transport/request_scanner.h"

using mimus::server::RequestLimits;
using mimus::server::RequestScanner;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const RequestLimits limits{.max_head_bytes = 512, .max_body_bytes = 256};
  RequestScanner at_once;
  const RequestScanner::State verdict = at_once.scan(bytes, limits);
  RequestScanner bytewise;
  RequestScanner::State state = RequestScanner::State::NeedMore;
  for (std::size_t end = 1; end <= size && state == RequestScanner::State::NeedMore; ++end) {
    const std::string part = bytes.substr(0, end);
    state = bytewise.scan(part, limits);
  }
  if (size > 0 && (verdict == RequestScanner::State::Complete) != (state == RequestScanner::State::Complete))
    std::abort();
  if (state == RequestScanner::State::Complete &&
      (at_once.size() != bytewise.size() || at_once.body(bytes) != bytewise.body(bytes))) {
    std::abort();
  }
  return 0;
}
