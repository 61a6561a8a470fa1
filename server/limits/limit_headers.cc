#include "server/limits/limit_headers.h"

#include <algorithm>
#include <string>

#include "server/limits/go_duration.h"

namespace mimus::server {
namespace {

using std::chrono::ceil;

std::string time_text(Duration from_now, LimitHeader::As as, WallTime now) {
  switch (as) {
    case LimitHeader::As::GoDuration:
      return go_duration(from_now);
    case LimitHeader::As::Milliseconds:
      return std::to_string(ceil<std::chrono::milliseconds>(from_now).count());
    case LimitHeader::As::EpochSeconds:
      return std::to_string(ceil<std::chrono::seconds>((now + from_now).time_since_epoch()).count());
    case LimitHeader::As::Seconds:
    case LimitHeader::As::Integer:
      break;
  }
  return std::to_string(ceil<std::chrono::seconds>(from_now).count());
}

Duration polite(Duration wait) {
  return std::max<Duration>(wait, std::chrono::milliseconds(1));
}

// The value of `row`; empty when it does not apply.
std::string value_of(const LimitHeader& row, const Decision& decision, WallTime now) {
  if (row.shows == LimitHeader::Shows::RetryAfter) {
    // No waiting helps a request that is too large, so none is promised.
    if (decision.is_admitted() || decision.verdict == Decision::Verdict::TooLarge) return {};
    return time_text(polite(decision.retry_after), row.as, now);
  }
  const auto& state = row.of == LimitHeader::Of::Requests ? decision.requests : decision.tokens;
  if (!state) return {};
  switch (row.shows) {
    case LimitHeader::Shows::Limit:
      return std::to_string(state->limit);
    case LimitHeader::Shows::Remaining:
      return std::to_string(row.zero_when_refused && !decision.is_admitted() ? 0 : state->remaining);
    default:
      return time_text(state->reset, row.as, now);
  }
}

}  // namespace

std::vector<Header> limit_headers(const std::vector<LimitHeader>& rows, const Decision& decision, WallTime now) {
  std::vector<Header> headers;
  for (const LimitHeader& row : rows) {
    if (!row.on_success && decision.is_admitted()) continue;
    if (std::string value = value_of(row, decision, now); !value.empty())
      headers.push_back({row.name, std::move(value)});
  }
  return headers;
}

std::string_view limit_situation(Decision::Verdict verdict) {
  switch (verdict) {
    case Decision::Verdict::TooManyTokens:
      return "rate_limited_tokens";
    case Decision::Verdict::TooLarge:
      return "request_above_rate_limit";
    default:
      return "rate_limited_requests";
  }
}

std::vector<std::pair<std::string_view, std::string>> limit_args(const Decision& decision) {
  const LimitState state = decision.refusing().value_or(LimitState{});
  return {{"limit", std::to_string(state.limit)},
          {"used", std::to_string(state.used)},
          {"requested", std::to_string(decision.requested)},
          {"wait", go_duration(decision.retry_after)}};
}

}  // namespace mimus::server
