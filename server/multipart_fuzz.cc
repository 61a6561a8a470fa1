// Feeds read_form with anything: the first line is the Content-Type, the rest the body.
// Whatever comes back must lie inside the body.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "server/multipart.h"
#include "server/utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = text.find('\n');
  if (line == std::string_view::npos) return 0;
  const std::string_view body = text.substr(line + 1);
  const auto form = mimus::server::read_form(text.substr(0, line), body);
  if (!form) return 0;
  for (const auto& part : form->parts) {
    if (!mimus::server::is_utf8(part.name)) std::abort();
    if (part.body.empty()) continue;
    if (part.body.data() < body.data() || part.body.data() + part.body.size() > body.data() + body.size()) std::abort();
  }
  return 0;
}
