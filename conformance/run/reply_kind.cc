#include "conformance/run/reply_kind.h"

#include <algorithm>
#include <charconv>

namespace mimus::conformance {
namespace {

constexpr std::size_t kLongestQuote = 160;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

Json error_of(const Transcript& transcript) {
  const Json json = transcript.json();
  const Json error = json.find("error");
  return error ? error : json;
}

// Whether the message speaks of a model, and not only of a path such as /v1/models/x, which it may quote.
bool speaks_of_model(const Transcript& transcript) {
  std::string text = refusal_text(transcript);
  const std::string& path = transcript.recording.request.path;
  if (const std::size_t at = path.empty() ? std::string::npos : text.find(path); at != std::string::npos) {
    text.erase(at, path.size());
  }
  text = lower(text);
  for (std::size_t at = text.find("model"); at != std::string::npos; at = text.find("model", at + 1)) {
    if (at == 0 || text[at - 1] != '/') return true;
  }
  return false;
}

bool blames_model(Json error) {
  return lower(error.find("code").string_or("")).find("model") != std::string::npos ||
         lower(error.find("param").string_or("")) == "model";
}

// A 404 about the model says that the endpoint is there.
bool is_about_model(const Transcript& transcript) {
  const Json error = error_of(transcript);
  return blames_model(error) || (error.find("message").is_string() && speaks_of_model(transcript));
}

std::optional<double> read_seconds(const std::string* text) {
  if (text == nullptr) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || !(value >= 0) || value > 1e9) return std::nullopt;
  return value;
}

}  // namespace

ReplyKind kind_of(const Transcript& transcript) {
  if (!transcript.has_head) return ReplyKind::Broken;
  const int status = transcript.status();
  if (status >= 200 && status < 300) return ReplyKind::Success;
  if (status == 401 || status == 403) return ReplyKind::KeyRefused;
  if (status == 429) return ReplyKind::RateLimited;
  if (status == 404 || status == 405 || status == 501) {
    return is_about_model(transcript) ? ReplyKind::Refused : ReplyKind::NotOffered;
  }
  if (status >= 500) return ReplyKind::ServerError;
  return status >= 400 ? ReplyKind::Refused : ReplyKind::Odd;
}

std::string refusal_text(const Transcript& transcript) {
  const Json message = error_of(transcript).find("message");
  std::string text(message.is_string() ? message.as_string() : std::string_view(transcript.body));
  text = text.substr(0, kLongestQuote);
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0x80) != 0) text.pop_back();
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c >= 0x7F; }, ' ');
  return text;
}

bool error_names(const Transcript& transcript, std::string_view word) {
  const Json error = error_of(transcript);
  return error.find("param").string_or("").find(word) != std::string_view::npos ||
         error.find("message").string_or("").find(word) != std::string_view::npos ||
         (!error.find("message") && transcript.body.find(word) != std::string::npos);
}

// A 400 may well speak of the model that does not take a parameter.
bool refuses_model(const Transcript& transcript) {
  const int status = transcript.status();
  return status == 404 ? is_about_model(transcript)
                       : (status == 400 || status == 403 || status == 422) && blames_model(error_of(transcript));
}

std::optional<std::chrono::milliseconds> retry_after(const ReplyHead& head) {
  if (const auto milliseconds = read_seconds(head.find("retry-after-ms"))) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(*milliseconds));
  }
  if (const auto seconds = read_seconds(head.find("retry-after"))) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(*seconds * 1000));
  }
  return std::nullopt;
}

}  // namespace mimus::conformance
