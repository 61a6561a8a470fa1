#include "conformance/validate/curl.h"

#include "conformance/client/utf8.h"

namespace mimus::conformance {
namespace {

constexpr std::size_t kLongestBody = 4096;

// Single quotes keep everything but the single quote itself.
std::string quoted_for_shell(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string header_argument(const Header& header) {
  const std::size_t key = header.value.find(kRedacted);
  if (key == std::string::npos) return quoted_for_shell(header.name + ": " + header.value);
  return "\"" + header.name + ": " + header.value.substr(0, key) + "$API_KEY\"";
}

bool is_added_by_curl(const Header& header) {
  return equal_ignoring_case(header.name, "host") || equal_ignoring_case(header.name, "user-agent");
}

}  // namespace

std::string curl_line(const Request& request, std::string_view base_url) {
  const std::size_t scheme = base_url.find("://");
  const std::size_t path = scheme == std::string_view::npos ? scheme : base_url.find('/', scheme + 3);
  std::string line =
      "curl -sSiN -X " + request.method + " " + quoted_for_shell(std::string(base_url.substr(0, path)) + request.path);
  for (const Header& header : request.headers) {
    if (!is_added_by_curl(header)) line += " -H " + header_argument(header);
  }
  if (request.chunked) line += " -H 'Transfer-Encoding: chunked'";
  if (request.body.empty()) return line;
  if (request.body.size() > kLongestBody || find_invalid_utf8(request.body)) {
    return line + " --data-binary @BODY  # " + std::to_string(request.body.size()) + " bytes, see --evidence";
  }
  return line + " --data-binary " + quoted_for_shell(request.body);
}

}  // namespace mimus::conformance
