// What kind of answer a reply is, before anything is judged: the distinctions that keep a missing feature, a rate limit
// or a wrong key from being taken for a fault. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "conformance/transcript.h"

namespace mimus::conformance {

enum class ReplyKind {
  Success,      // 2xx
  NotOffered,   // 404, 405 or 501 that is not about the model: the target has no such endpoint
  KeyRefused,   // 401 or 403
  RateLimited,  // 429
  Refused,      // another 4xx
  ServerError,  // 5xx
  Odd,          // 3xx
  Broken,       // no complete HTTP reply
};
ReplyKind kind_of(const Transcript& transcript);

// The error's message, or the beginning of the body, on one line, for people.
std::string refusal_text(const Transcript& transcript);

// Whether the error names `word` in its param or message.
bool error_names(const Transcript& transcript, std::string_view word);

// Whether the reply refuses the model that was asked for, not what was asked of it.
bool refuses_model(const Transcript& transcript);

// How long the target asks to wait (Retry-After-Ms, Retry-After in seconds); nothing when it does not say or is not a
// plain number.
std::optional<std::chrono::milliseconds> retry_after(const ReplyHead& head);

}  // namespace mimus::conformance
