// Any bytes, cut anywhere: the reader does not crash, blocks lie in order within the body, and a cut changes nothing.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "conformance/client/sse_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using mimus::conformance::SseReader;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t cut = bytes.empty() ? 0 : data[0] % (bytes.size() + 1);
  SseReader whole;
  SseReader parts;
  whole.feed(bytes);
  parts.feed(bytes.substr(0, cut));
  parts.feed(bytes.substr(cut));
  whole.close();
  parts.close();
  if (whole.blocks().size() != parts.blocks().size()) std::abort();
  std::size_t last = 0;
  for (std::size_t i = 0; i < whole.blocks().size(); ++i) {
    const auto& a = whole.blocks()[i];
    const auto& b = parts.blocks()[i];
    if (a.data != b.data || a.begin != b.begin || a.end != b.end || a.ended != b.ended) std::abort();
    if (a.begin < last || a.end < a.begin || a.end > bytes.size()) std::abort();
    last = a.end;
  }
  return 0;
}
