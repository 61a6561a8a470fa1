// Where the thing under test is, and how to knock.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "api/header.h"
#include "api/result.h"

namespace mimus::conformance {

struct Target {
  bool tls = false;
  std::string host;       // without brackets
  std::string port;       // "443"
  std::string base_path;  // "/v1", no slash at its end
  std::string api_key;    // empty: requests go out without credentials
  std::string auth_header = "authorization";
  std::string auth_scheme = "Bearer";            // empty: the header's value is the key itself
  std::string model;                             // empty: the first usable one that the target lists
  std::string model_flag = "--model";            // what names it, for messages
  std::map<std::string, std::string> model_for;  // by area: "embeddings" -> "text-embedding-3-small"
  std::vector<Header> headers;                   // go out with every request, as gateways want them for routing
  std::string ca_file;                           // PEM; empty: the system's

  [[nodiscard]] std::string origin() const;     // "http://127.0.0.1:8080"
  [[nodiscard]] std::string authority() const;  // for the Host header: "127.0.0.1:8080", default ports left out
  // What model_for says of `area`, or of the one above it ("responses" for "responses.stream"); nullptr: nothing.
  [[nodiscard]] const std::string* own_model_of(std::string_view area) const;
  [[nodiscard]] std::string model_of(std::string_view area) const;
};

// The target at `url` ("https://gateway.example/v1"). Without a path, `default_path` is the base. A query, a fragment,
// credentials in the URL or another scheme than http and https are errors.
Result<Target> read_target(std::string_view url, std::string_view default_path);

// The header in `text` ("Name: value"). An error unless the name is one and the value has no control characters.
Result<Header> read_header(std::string_view text);

// Whether the value may be a credential, as far as words of the name tell (key, token, secret ...): "x-api-key".
bool is_secret(const Header& header);

}  // namespace mimus::conformance
