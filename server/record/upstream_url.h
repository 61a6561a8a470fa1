// The base URL of a real API, taken apart: "https://api.example/openai/v1". Pure and thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "api/result.h"

namespace mimus::server {

struct UpstreamUrl {
  bool tls = false;
  std::string host;  // without the brackets of an IPv6 address
  int port = 0;
  std::string base_path;  // "/openai/v1", without a slash at its end; empty: paths go up as they came
};

// Errc::BadInput tells what a URL should look like, and repeats nothing of one that holds a password.
Result<UpstreamUrl> read_upstream_url(std::string_view text);

}  // namespace mimus::server
