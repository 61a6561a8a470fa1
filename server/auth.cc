#include "server/auth.h"

#include <algorithm>
#include <optional>

#include "server/dialect/masked_key.h"
#include "server/endpoints/query.h"

namespace mimus::server {
namespace {

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

std::string base64_decoded(std::string_view text) {
  std::string bytes;
  unsigned buffer = 0;
  int bits = 0;
  for (const char c : text) {
    const int digit = base64_digit(c);
    if (digit < 0) break;
    buffer = (buffer << 6 | static_cast<unsigned>(digit)) & 0xFFFFFF;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<char>(buffer >> bits & 0xFF));
  }
  return bytes;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// What follows `scheme` and a space; schemes are compared without case (RFC 9110, 11.1).
std::optional<std::string_view> after_scheme(std::string_view value, std::string_view scheme) {
  if (value.size() <= scheme.size() || value[scheme.size()] != ' ') return std::nullopt;
  if (!equal_ignoring_case(value.substr(0, scheme.size()), scheme)) return std::nullopt;
  return trimmed(value.substr(scheme.size()));
}

std::string key_in(std::string_view value, const Auth& auth) {
  if (auth.scheme.empty()) return std::string(trimmed(value));
  if (const auto key = after_scheme(value, auth.scheme)) return std::string(*key);
  if (const auto basic = after_scheme(value, "Basic")) {
    const std::string pair = base64_decoded(*basic);
    if (const std::size_t colon = pair.find(':'); colon != std::string::npos) return pair.substr(colon + 1);
  }
  return {};
}

}  // namespace

Result<std::string, Refusal> read_key(const HttpRequest& http, const Auth& auth,
                                      const std::vector<std::string>& accepted) {
  std::string key = key_in(http.header(auth.header), auth);
  if (key.empty() && !auth.query.empty()) key = find_query(http.query, auth.query).value_or("");
  if (key.empty() && auth.also_bearer) key = after_scheme(http.header("authorization"), "Bearer").value_or("");
  if (!auth.is_required) return key;
  if (key.empty()) return Refusal{"no_api_key", {}};
  if (auth.strict_key_prefix && !key.starts_with(auth.key_prefix)) {
    return Refusal{"invalid_api_key", {{"key", masked_key(key)}}};
  }
  if (!accepted.empty() && std::find(accepted.begin(), accepted.end(), key) == accepted.end()) {
    return Refusal{"invalid_api_key", {{"key", masked_key(key)}}};
  }
  return key;
}

}  // namespace mimus::server
