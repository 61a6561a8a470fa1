#include "conformance/run/request.h"

#include <algorithm>

namespace mimus::conformance {
namespace {

std::optional<std::string> auth_value(const Target& target, const std::string& auth) {
  if (auth == "none" || auth == "query") return std::nullopt;
  if (auth != "wrong" && target.api_key.empty()) return std::nullopt;
  const std::string key = auth == "wrong" ? std::string(kWrongKey) : target.api_key;
  if (target.auth_scheme.empty()) return key;
  std::string scheme = target.auth_scheme;
  if (auth == "lower-scheme") {
    for (char& c : scheme) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return scheme + " " + key;
}

// In a query no other characters stand for themselves.
bool fits_query(std::string_view key) {
  return std::all_of(key.begin(), key.end(), [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
           c == '.';
  });
}

bool names(const std::vector<Header>& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(),
                     [name](const Header& header) { return equal_ignoring_case(header.name, name); });
}

}  // namespace

std::optional<Request> make_request(const Target& target, const Probe& probe, const Resolver& resolve) {
  const auto path = fill_text(probe.path, resolve);
  if (!path) return std::nullopt;
  Request request;
  request.method = probe.method;
  request.path = target.base_path + *path;
  if (probe.auth == "query" && !target.api_key.empty()) {
    if (!fits_query(target.api_key)) return std::nullopt;
    request.path += (request.path.find('?') == std::string::npos ? "?" : "&") + std::string("key=") + target.api_key;
  }
  request.chunked = probe.chunked;
  if (probe.raw_body) {
    auto filled = fill_text(*probe.raw_body, resolve);
    if (!filled) return std::nullopt;
    request.body = std::move(*filled);
  } else if (const Json body = probe.body.root(); body.is_object()) {
    auto filled = fill_json(body, resolve);
    if (!filled) return std::nullopt;
    request.body = std::move(*filled);
  }
  // A header of the probe stands in the place of one that the user gave, and that of our own.
  const auto is_given = [&](std::string_view name) {
    return names(probe.headers, name) || names(target.headers, name);
  };
  if (!is_given("host")) request.headers.push_back({"Host", target.authority()});
  if (const auto value = auth_value(target, probe.auth)) request.headers.push_back({target.auth_header, *value});
  if (!request.body.empty() && !is_given("content-type")) {
    request.headers.push_back({"Content-Type", "application/json"});
  }
  if (!is_given("accept")) request.headers.push_back({"Accept", "application/json"});
  if (!is_given("user-agent")) request.headers.push_back({"User-Agent", "mimus-check"});
  for (const Header& header : target.headers) {
    if (!names(probe.headers, header.name)) request.headers.push_back(header);
  }
  request.headers.insert(request.headers.end(), probe.headers.begin(), probe.headers.end());
  return request;
}

}  // namespace mimus::conformance
