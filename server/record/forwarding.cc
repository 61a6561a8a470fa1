#include "server/record/forwarding.h"

#include <algorithm>
#include <array>

#include "server/journal/redact.h"
#include "server/utf8.h"

namespace mimus::server {
namespace {

constexpr std::array<std::string_view, 9> kOfConnection = {
    "connection",          "keep-alive",       "proxy-authenticate",
    "proxy-authorization", "proxy-connection", "te",
    "transfer-encoding",   "trailer",          "upgrade"};
constexpr std::array<std::string_view, 4> kOfRequest = {"host", "content-length", "accept-encoding", "expect"};
constexpr std::array<std::string_view, 5> kOfSite = {"content-length", "set-cookie", "strict-transport-security",
                                                     "alt-svc", "date"};
constexpr std::array<std::string_view, 7> kRecorded = {"content-type",    "content-encoding", "content-disposition",
                                                       "retry-after",     "retry-after-ms",   "x-should-retry",
                                                       "www-authenticate"};

bool is_one_of(std::string_view name, const auto& names) {
  return std::any_of(names.begin(), names.end(), [name](std::string_view n) { return equal_ignoring_case(n, name); });
}

bool begins_with(std::string_view name, std::string_view prefix) {
  return equal_ignoring_case(name.substr(0, prefix.size()), prefix);
}

std::string target_of(const HttpRequest& http, const Dialect& dialect, const Endpoint& endpoint,
                      const UpstreamUrl& url) {
  std::string_view path = http.path;
  const std::string mount = "/" + dialect.name + "/";
  if (!endpoint.path.starts_with(mount) && path.starts_with(mount)) path.remove_prefix(mount.size() - 1);
  if (!url.base_path.empty() && path.starts_with(endpoint.base_path)) path.remove_prefix(endpoint.base_path.size());
  return url.base_path + std::string(path);
}

std::string query_without_key(std::string_view query) {
  std::string kept;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    if (!is_secret_parameter(pair.substr(0, pair.find('=')))) kept += (kept.empty() ? "" : "&") + std::string(pair);
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return kept;
}

}  // namespace

UpstreamRequest upstream_request(const HttpRequest& http, const Dialect& dialect, const Endpoint& endpoint,
                                 const UpstreamUrl& url, const std::string& key) {
  UpstreamRequest up;
  up.method = http.method;
  up.target = target_of(http, dialect, endpoint, url);
  const std::string query = key.empty() ? std::string(http.query) : query_without_key(http.query);
  if (!query.empty()) up.target += "?" + query;
  up.body = http.body;
  for (const HeaderView& header : http.headers) {
    const bool stays = is_one_of(header.name, kOfConnection) || is_one_of(header.name, kOfRequest) ||
                       begins_with(header.name, "x-mimus") || (!key.empty() && is_secret_header(header.name));
    if (!stays) up.headers.push_back({std::string(header.name), std::string(header.value)});
  }
  if (!key.empty()) {
    const Auth& auth = endpoint.auth;
    up.headers.push_back({auth.header.empty() ? "authorization" : auth.header,
                          auth.scheme.empty() && !auth.header.empty()
                              ? key
                              : (auth.scheme.empty() ? "Bearer" : auth.scheme) + " " + key});
  }
  return up;
}

std::vector<Header> headers_for_client(const UpstreamHead& head) {
  std::vector<Header> headers;
  for (const Header& header : head.headers) {
    const bool stays = is_one_of(header.name, kOfConnection) || is_one_of(header.name, kOfSite) ||
                       begins_with(header.name, "access-control-");
    if (!stays) headers.push_back(header);
  }
  return headers;
}

std::vector<Header> headers_for_recording(const UpstreamHead& head) {
  std::vector<Header> headers;
  for (const Header& header : head.headers) {
    const bool is_wanted = is_one_of(header.name, kRecorded) || begins_with(header.name, "x-ratelimit-");
    if (is_wanted && is_utf8(header.value)) headers.push_back(header);
  }
  return headers;
}

}  // namespace mimus::server
