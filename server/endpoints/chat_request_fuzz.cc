// Any bytes as a chat body: reading ends with a Call or a refusal that the dialect can put into words.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "server/endpoints/chat_request.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mimus::server;
  static const auto dialect = load_dialect("openai");
  static const Endpoint* const endpoint = dialect->find_endpoint("chat.completions");
  const auto call = read_chat_request({reinterpret_cast<const char*>(data), size}, *dialect, *endpoint);
  if (!call && dialect->error(call.error()).message.empty()) std::abort();
  return 0;
}
