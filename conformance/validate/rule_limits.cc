// Rules about what a reply says of limits and retries.
// Sources: RFC 9110, 10.2.3; openai-node reads retry-after-ms, retry-after (seconds, or a date) and x-should-retry.
#include <algorithm>
#include <array>

#include "conformance/validate/rules.h"

namespace mimus::conformance {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos &&
         std::count(text.begin(), text.end(), '.') <= 1;
}

// "Sun, 06 Nov 1994 08:49:37 GMT"
bool is_date(std::string_view text) {
  return text.size() == 29 && text.ends_with(" GMT") && text.substr(3, 2) == ", ";
}

// "1s", "6m0s", "88ms", "1m2.5s"; plain seconds as well.
bool is_duration(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.hmsu") == std::string_view::npos && text[0] <= '9';
}

// "2026-11-21T16:00:00Z"
bool is_moment(std::string_view text) {
  return text.size() >= 20 && text[4] == '-' && text[10] == 'T';
}

Finding judge_retry_after(const Transcript& transcript) {
  if (transcript.head.find("retry-after") != nullptr || transcript.head.find("retry-after-ms") != nullptr)
    return holds();
  return broken(in_header(transcript, "retry-after"), "Retry-After or Retry-After-Ms", "neither");
}

Finding judge_retry_value(const Transcript& transcript) {
  for (const std::string_view name : {"retry-after", "retry-after-ms"}) {
    const std::string* value = transcript.head.find(name);
    if (value == nullptr || is_number(*value) || (name == "retry-after" && is_date(*value))) continue;
    return broken(in_header(transcript, name), "a number, or an HTTP date", quoted(*value));
  }
  return holds();
}

Finding judge_should_retry(const Transcript& transcript) {
  const std::string* value = transcript.head.find("x-should-retry");
  if (value == nullptr || *value == "true" || *value == "false") return holds();
  return broken(in_header(transcript, "x-should-retry"), "true or false", quoted(*value));
}

Finding judge_values(const Transcript& transcript) {
  bool any = false;
  for (const Header& header : transcript.head.headers) {
    std::string name = header.name;
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    if (!name.starts_with("x-ratelimit-")) continue;
    any = true;
    const bool resets = name.find("reset") != std::string::npos;
    const bool fine = is_number(header.value) || (resets && (is_duration(header.value) || is_moment(header.value)));
    if (!fine) {
      return broken(in_header(transcript, name), resets ? "a duration, seconds or a moment" : "a number",
                    quoted(header.value));
    }
  }
  return any ? holds() : not_applicable("the reply tells no limits");
}

}  // namespace

// want: "retry-after" (there is one), "retry-value" (it can be read), "should-retry" (true or false), "values" (the
// numbers of x-ratelimit headers can be read).
Finding judge_limits(const Transcript& transcript, Json args, const Scene&) {
  const std::string_view want = args.find("want").string_or("");
  if (want == "retry-after") return judge_retry_after(transcript);
  if (want == "retry-value") return judge_retry_value(transcript);
  return want == "values" ? judge_values(transcript) : judge_should_retry(transcript);
}

}  // namespace mimus::conformance
