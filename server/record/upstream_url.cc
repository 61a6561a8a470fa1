#include "server/record/upstream_url.h"

#include <charconv>

namespace mimus::server {
namespace {

Error wrong(std::string_view problem, std::string_view url) {
  return {
      Errc::BadInput,
      "expected a URL such as https://api.openai.com/v1, found \"" + std::string(url) + "\": " + std::string(problem),
      ""};
}

bool read_port(std::string_view text, int& port) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port > 0 && port < 65536;
}

bool is_host_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool is_path_char(char c) {
  return c > ' ' && c != 0x7f && c != '?' && c != '#';
}

}  // namespace

Result<UpstreamUrl> read_upstream_url(std::string_view text) {
  if (text.find('@') != std::string_view::npos) {
    return Error{Errc::BadInput, "expected a URL without user and password; a key is given by --upstream-key-env", ""};
  }
  UpstreamUrl url;
  const std::size_t scheme_end = text.find("://");
  const std::string_view scheme = text.substr(0, scheme_end);
  if (scheme_end == std::string_view::npos || (scheme != "http" && scheme != "https")) {
    return wrong("it begins with neither http:// nor https://", text);
  }
  url.tls = scheme == "https";
  url.port = url.tls ? 443 : 80;
  const std::string_view rest = text.substr(scheme_end + 3);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view authority = rest.substr(0, slash);
  const std::size_t bracket = authority.find(']');
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos && !read_port(authority.substr(colon + 1), url.port)) {
    return wrong("its port is not a number from 1 to 65535", text);
  }
  std::string_view host = authority.substr(0, colon);
  const bool is_v6 = host.size() > 2 && host.starts_with('[') && host.ends_with(']');
  if (is_v6) host = host.substr(1, host.size() - 2);
  for (const char c : host) {
    if (!is_host_char(c) && !(is_v6 && c == ':')) return wrong("its host holds forbidden characters", text);
  }
  if (host.empty()) return wrong("it has no host", text);
  url.host = host;
  url.base_path = rest.substr(slash);
  for (const char c : url.base_path) {
    if (!is_path_char(c)) return wrong("behind the path nothing may follow", text);
  }
  while (url.base_path.ends_with('/')) url.base_path.pop_back();
  return url;
}

}  // namespace mimus::server
