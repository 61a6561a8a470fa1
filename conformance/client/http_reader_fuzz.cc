// Any bytes, cut at a place that the first byte chooses: the reader neither crashes nor keeps more than its limits, and
// gives the same as without the cut.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "conformance/client/http_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using mimus::conformance::HttpReader;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t cut = bytes.empty() ? 0 : data[0] % (bytes.size() + 1);
  HttpReader whole({4096, 4096});
  HttpReader parts({4096, 4096});
  whole.feed(bytes);
  if (parts.feed(bytes.substr(0, cut)) == cut) parts.feed(bytes.substr(cut));
  whole.close();
  parts.close();
  const bool same =
      whole.state() == parts.state() && whole.body() == parts.body() && whole.head().headers == parts.head().headers;
  if (!same || whole.body().size() > 4096) std::abort();
  return 0;
}
