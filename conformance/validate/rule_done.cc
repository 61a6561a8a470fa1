// Rules about the sentinel that ends a chat stream: data: [DONE].
#include <algorithm>
#include <chrono>

#include "conformance/validate/rules.h"

namespace mimus::conformance {
namespace {

constexpr std::string_view kSentinel = "[DONE]";
constexpr std::chrono::seconds kSoon{2};

std::string last_data(const Transcript& transcript) {
  return quoted(transcript.blocks[transcript.events.back().block].data);
}

// Anything that is meant as the sentinel, so that a misspelt one is the matter of "exact" alone.
bool resembles_sentinel(const std::string& data) {
  return data.find("DONE") != std::string::npos && data.size() < 32;
}

Finding judge_sent(const Transcript& transcript) {
  const bool any = std::any_of(transcript.events.begin(), transcript.events.end(), [&](const Event& event) {
    return resembles_sentinel(transcript.blocks[event.block].data);
  });
  if (any) return holds();
  return broken(in_event(transcript, transcript.events.size() - 1), "data: [DONE] at the end", last_data(transcript));
}

Finding judge_exact(const Transcript& transcript) {
  for (std::size_t i = 0; i < transcript.events.size(); ++i) {
    const std::string& data = transcript.blocks[transcript.events[i].block].data;
    if (resembles_sentinel(data) && data != kSentinel) {
      return broken(in_event(transcript, i), "exactly [DONE]", quoted(data));
    }
  }
  return holds();
}

Finding judge_last(const Transcript& transcript) {
  const auto first = std::find_if(transcript.events.begin(), transcript.events.end(),
                                  [](const Event& event) { return event.is_done; });
  if (first == transcript.events.end() || first + 1 == transcript.events.end()) return holds();
  const auto next = static_cast<std::size_t>(first - transcript.events.begin()) + 1;
  return broken(in_event(transcript, next), "nothing after [DONE]",
                quoted(transcript.blocks[transcript.events[next].block].data));
}

Finding judge_closes(const Transcript& transcript) {
  const Event& last = transcript.events.back();
  if (!last.is_done) return not_applicable("there is no sentinel at the end");
  const auto after = transcript.recording.took - last.at;
  if (after <= kSoon) return holds();
  return broken(in_reply(transcript), "the end of the body within 2 s of [DONE]",
                std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(after).count()) + " ms later");
}

// For the APIs that have no sentinel, whose clients parse every event.
Finding judge_none(const Transcript& transcript) {
  for (std::size_t i = 0; i < transcript.events.size(); ++i) {
    if (transcript.events[i].is_done) return broken(in_event(transcript, i), "no sentinel", "[DONE]");
  }
  return holds();
}

}  // namespace

// want: "none", "sent", "exact", "last" (once, and nothing after it) or "closes" (the body ends soon after it).
Finding judge_done(const Transcript& transcript, Json args, const Scene&) {
  const std::string_view want = args.find("want").string_or("");
  if (want == "sent") return judge_sent(transcript);
  if (want == "exact") return judge_exact(transcript);
  if (want == "last") return judge_last(transcript);
  if (want == "none") return judge_none(transcript);
  return judge_closes(transcript);
}

}  // namespace mimus::conformance
