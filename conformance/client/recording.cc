#include "conformance/client/recording.h"

#include <array>

namespace mimus::conformance {
namespace {

constexpr std::size_t kChunk = 8 * 1024;

std::string chunked_body(std::string_view body) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (std::size_t at = 0; at < body.size(); at += kChunk) {
    const std::string_view piece = body.substr(at, kChunk);
    std::string size;
    for (std::size_t n = piece.size(); n > 0; n /= 16) size.insert(size.begin(), kHex[n % 16]);
    out.append(size).append("\r\n").append(piece).append("\r\n");
  }
  return out + "0\r\n\r\n";
}

}  // namespace

std::string Request::to_bytes() const {
  std::string out = method + " " + path + " HTTP/1.1\r\n";
  for (const Header& header : headers) out += header.name + ": " + header.value + "\r\n";
  if (chunked) return out + "Transfer-Encoding: chunked\r\n\r\n" + chunked_body(body);
  if (!body.empty() || method == "POST" || method == "PUT") {
    out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  }
  return out + "\r\n" + body;
}

std::string_view name_of(Ending ending) {
  constexpr std::array<std::string_view, 9> kNames = {"complete",       "closed early", "reset",
                                                      "timed out",      "too large",    "not HTTP",
                                                      "connect failed", "TLS failed",   "left"};
  return kNames[static_cast<std::size_t>(ending)];
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

void redact(Recording& recording, std::string_view key) {
  if (key.empty()) return;
  for (Header& header : recording.request.headers) replace_all(header.value, key, kRedacted);
  replace_all(recording.request.path, "key=" + std::string(key), "key=" + std::string(kRedacted));
  if (key.size() < kShortestSecret) return;
  replace_all(recording.request.path, key, kRedacted);
  replace_all(recording.request.body, key, kRedacted);
  const std::string mask(key.size(), 'x');
  replace_all(recording.raw, key, mask);
  replace_all(recording.lead_raw, key, mask);
}

}  // namespace mimus::conformance
