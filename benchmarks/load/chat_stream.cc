// Events are told apart by searching their text, not by parsing it: at 100,000 of them a second a parser would make the
// client the bottleneck of what it measures. Inside JSON strings quotes are escaped, so `"content":"` cannot occur in a
// text.
#include "benchmarks/load/chat_stream.h"

#include <charconv>
#include <cstring>

namespace mimus::load {
namespace {

constexpr std::string_view kNames[kStreamFailures] = {"none",    "connect",    "status",      "broken",      "cut-off",
                                                      "no-done", "after-done", "error-event", "wrong-count", "timeout"};

// memmem() of glibc looks at whole words; std::string_view::find() stops at every quotation mark.
std::size_t find(std::string_view text, std::string_view what) {
  const void* const at = memmem(text.data(), text.size(), what.data(), what.size());
  return at == nullptr ? std::string_view::npos : static_cast<std::size_t>(static_cast<const char*>(at) - text.data());
}

// Has a delta with a text that is not empty.
bool is_token(std::string_view data) {
  constexpr std::string_view kContent = "\"content\":\"";
  const std::size_t at = find(data, kContent);
  return at != std::string_view::npos && at + kContent.size() < data.size() && data[at + kContent.size()] != '"';
}

std::int64_t completion_tokens(std::string_view data) {
  constexpr std::string_view kMember = "\"completion_tokens\":";
  const std::size_t at = find(data, kMember);
  std::int64_t number = -1;
  if (at != std::string_view::npos) {
    std::from_chars(data.data() + at + kMember.size(), data.data() + data.size(), number);
  }
  return number;
}

}  // namespace

std::string_view name_of(StreamFailure failure) {
  return kNames[static_cast<int>(failure)];
}

void ChatStream::feed(std::string_view bytes, TimePoint at) {
  if (is_over_) return;
  http_.feed(bytes, sse_.input());
  if (http_.status() != 0 && http_.status() != 200) return fail(StreamFailure::Status);
  while (!is_over_ && sse_.next(event_)) take_event(event_, at);
  if (http_.state() == HttpReplyReader::State::Broken) fail(StreamFailure::Broken);
  if (http_.state() == HttpReplyReader::State::Done) end();
}

void ChatStream::finish() {
  if (is_over_) return;
  http_.finish();
  if (http_.state() == HttpReplyReader::State::Done) return end();
  fail(StreamFailure::CutOff);
}

void ChatStream::fail(StreamFailure failure) {
  if (is_over_) return;
  is_over_ = true;
  failure_ = failure;
}

void ChatStream::take_event(std::string_view data, TimePoint at) {
  if (done_seen_) return fail(StreamFailure::AfterDone);
  if (data == "[DONE]") {
    done_seen_ = true;
  } else if (data.starts_with("{\"error\":")) {
    fail(StreamFailure::ErrorEvent);
  } else if (is_token(data)) {
    take_token(at);
  } else if (const std::int64_t counted = completion_tokens(data); counted >= 0) {
    usage_ = counted;
  }
}

void ChatStream::take_token(TimePoint at) {
  if (tokens_ == 0) {
    first_ = at;
    lateness_->first_token.record((at - sent_).count());
  }
  const Nanos since_first = schedule_.interval * tokens_;
  lateness_->from_request.record((at - sent_ - schedule_.ttft - since_first).count());
  if (tokens_ > 0) lateness_->from_first.record((at - first_ - since_first).count());
  ++tokens_;
}

void ChatStream::end() {
  if (is_over_) return;
  if (!done_seen_ || sse_.is_inside_event()) return fail(StreamFailure::NoDone);
  if (usage_ != tokens_) return fail(StreamFailure::WrongCount);
  is_over_ = true;
}

}  // namespace mimus::load
