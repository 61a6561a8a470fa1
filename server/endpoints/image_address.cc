#include "server/endpoints/image_address.h"

#include "server/base64.h"

namespace mimus::server {

AddressFault fault_of_image_address(std::string_view url) {
  const bool is_web = url.starts_with("http://") || url.starts_with("https://");
  if (is_web) return url.size() > url.find("//") + 2 ? AddressFault::None : AddressFault::NoAddress;
  constexpr std::string_view kMarker = ";base64,";
  const std::size_t marker = url.find(kMarker);
  if (!url.starts_with("data:image/") || marker == std::string_view::npos) return AddressFault::NoAddress;
  const std::string_view data = url.substr(marker + kMarker.size());
  return !data.empty() && is_base64(data) ? AddressFault::None : AddressFault::BadBase64;
}

}  // namespace mimus::server
