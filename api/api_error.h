// What a vendor reports when it refuses a request. An ordinary value on its way to the caller, not trouble of mimus.
// Source of the members: OpenAI API reference, error object (message, type, param, code).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/header.h"

namespace mimus {

struct ApiError {
  int status = 400;
  std::string message;
  std::string type;
  std::optional<std::string> param;
  std::optional<std::string> code;
  std::vector<Header> headers;  // to be sent with it, such as Retry-After
};

}  // namespace mimus
