// Where a request says a picture is: "https://host/x", or the picture itself, "data:image/png;base64,AAAA". Nothing is
// fetched. Pure and thread-safe.
#pragma once

#include <string_view>

namespace mimus::server {

enum class AddressFault { None, NoAddress, BadBase64 };

AddressFault fault_of_image_address(std::string_view url);

}  // namespace mimus::server
