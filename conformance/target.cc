#include "conformance/target.h"

#include <algorithm>
#include <array>

namespace mimus::conformance {
namespace {

Error bad_url(std::string_view url, std::string message) {
  return {Errc::BadInput, std::move(message), "'" + std::string(url) + "'"};
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::string Target::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  const bool usual = port == (tls ? "443" : "80");
  return usual ? name : name + ":" + port;
}

std::string Target::origin() const {
  return (tls ? "https://" : "http://") + authority();
}

const std::string* Target::own_model_of(std::string_view area) const {
  while (!area.empty()) {
    if (const auto found = model_for.find(std::string(area)); found != model_for.end()) return &found->second;
    const std::size_t dot = area.rfind('.');
    area = area.substr(0, dot == std::string_view::npos ? 0 : dot);
  }
  return nullptr;
}

std::string Target::model_of(std::string_view area) const {
  const std::string* own = own_model_of(area);
  return own == nullptr ? model : *own;
}

Result<Target> read_target(std::string_view url, std::string_view default_path) {
  Target target;
  std::string_view rest = url;
  if (rest.starts_with("https://")) {
    target.tls = true;
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return bad_url(url, "expected a base URL such as http://127.0.0.1:8080/v1 or https://gateway.example/v1");
  }
  if (rest.find_first_of("?#@ \r\n") != std::string_view::npos) {
    return bad_url(url, "a base URL has no query, no fragment, no credentials and no blanks");
  }
  const std::size_t slash = rest.find('/');
  std::string_view authority = rest.substr(0, slash);
  std::string_view path = slash == std::string_view::npos ? "" : rest.substr(slash);
  while (path.ends_with('/')) path.remove_suffix(1);
  target.base_path = path.empty() ? default_path : path;
  target.port = target.tls ? "443" : "80";
  const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : std::string_view::npos;
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos) {
    target.port = authority.substr(colon + 1);
    authority = authority.substr(0, colon);
    if (!is_port(target.port)) return bad_url(url, "the port is not a number");
  }
  if (bracket != std::string_view::npos) authority = authority.substr(1, bracket - 1);
  target.host = authority;
  if (target.host.empty()) return bad_url(url, "the host is missing");
  return target;
}

// Source: RFC 9110, 5.1 (token) and 5.5.
Result<Header> read_header(std::string_view text) {
  constexpr std::string_view kToken = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  const bool named =
      colon != std::string_view::npos && !name.empty() && name.find_first_not_of(kToken) == std::string_view::npos;
  if (!named) {
    return Error{Errc::BadInput, "expected 'Name: value'", name.empty() ? "--header" : "--header " + std::string(name)};
  }
  if (equal_ignoring_case(name, "content-length") || equal_ignoring_case(name, "transfer-encoding")) {
    return Error{Errc::BadInput, "mimus frames its requests itself", "--header " + std::string(name)};
  }
  std::string_view value = text.substr(colon + 1);
  while (value.starts_with(' ')) value.remove_prefix(1);
  while (value.ends_with(' ')) value.remove_suffix(1);
  const bool clean = std::none_of(value.begin(), value.end(), [](char c) { return (c >= 0 && c < ' ') || c == 127; });
  if (!clean) return Error{Errc::BadInput, "a value has no control characters", "--header " + std::string(name)};
  return Header{std::string(name), std::string(value)};
}

bool is_secret(const Header& header) {
  constexpr std::array<std::string_view, 9> kWords = {"key",  "apikey", "token",    "secret",      "authorization",
                                                      "auth", "cookie", "password", "subscription"};
  std::string_view rest = header.name;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find_first_of("-_"), rest.size());
    const std::string_view word = rest.substr(0, end);
    if (std::any_of(kWords.begin(), kWords.end(), [&](std::string_view w) { return equal_ignoring_case(word, w); })) {
      return true;
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

}  // namespace mimus::conformance
