// Rules about streams whose upstream fails in the middle: what the client must be able to notice.
// Sources: openai-node and openai-python throw where the data of an event has `error`; they read the Responses API's
// events `error` and `response.failed`; a stream that just ends looks like a whole one to them.
#include <algorithm>

#include "conformance/validate/rules.h"

namespace mimus::conformance {
namespace {

std::string_view type_of(const Event& event) {
  return event.is_json ? event.root().find("type").string_or("") : std::string_view();
}

bool is_error(const Event& event) {
  return event.is_json && event.root().find("error").is_object() && type_of(event) != "response.failed";
}

bool is_response_error(const Event& event) {
  return type_of(event) == "error" || type_of(event) == "response.failed";
}

bool any(const Transcript& transcript, bool (*is_one)(const Event&)) {
  return std::any_of(transcript.events.begin(), transcript.events.end(), is_one);
}

// Whether the client can tell from the connection alone that something is missing.
bool broke_off(const Transcript& transcript) {
  const Ending ending = transcript.recording.ending;
  return ending == Ending::ClosedEarly || ending == Ending::Reset;
}

std::string_view end_of(const Transcript& transcript) {
  std::string_view finish;
  for (const Chunk& chunk : chunks_of(transcript)) {
    const std::string_view reason = chunk.json.find_pointer("/choices/0/finish_reason").string_or("");
    if (!reason.empty()) finish = reason;
    if (type_of(transcript.events[chunk.event]) == "response.completed") finish = "response.completed";
  }
  return finish;
}

Finding judge_visible(const Transcript& transcript) {
  if (any(transcript, &is_error) || any(transcript, &is_response_error) || broke_off(transcript)) return holds();
  if (transcript.status() >= 400) return holds();
  const std::string expected = "an event with an error, or a connection that breaks off";
  if (transcript.recording.ending == Ending::TimedOut) {
    return broken(in_reply(transcript), expected, "nothing more until our time was over", Verdict::Warn);
  }
  const std::string_view end = end_of(transcript);
  const bool done = !transcript.events.empty() && transcript.events.back().is_done;
  if (!end.empty()) {
    return broken(in_event(transcript, transcript.events.size() - 1), expected,
                  "a whole reply that ends in " + quoted(end) + (done ? " and [DONE]" : ""));
  }
  if (done)
    return broken(in_event(transcript, transcript.events.size() - 1), expected, "[DONE], as behind a whole reply");
  return broken(in_reply(transcript), expected, "a stream that just ends, without a finish_reason", Verdict::Warn);
}

}  // namespace

// want: "shape" (the upstream's error event arrives as a data event with an `error` object), "responses" (an `error` or
// `response.failed` event), "visible" (the upstream broke off: the client is told, or its connection breaks off too).
// A status of 400 or more is right as well: nothing had been said yet.
Finding judge_stream_error(const Transcript& transcript, Json args, const Scene&) {
  const std::string_view want = args.find("want").string_or("");
  if (!transcript.has_head) return undecided("no HTTP reply (" + transcript.recording.problem + ")");
  if (want == "visible") return judge_visible(transcript);
  if (transcript.status() >= 400) return holds();
  const bool responses = want == "responses";
  if (any(transcript, responses ? &is_response_error : &is_error)) return holds();
  const std::string expected =
      responses ? "an event `error` or `response.failed`" : "an event whose data has an `error` object";
  if (transcript.events.empty()) return broken(in_reply(transcript), expected, "no event");
  const std::size_t last = transcript.events.size() - 1;
  return broken(in_event(transcript, last), expected,
                "none; the last is " + quoted(transcript.block_text(transcript.events[last].block)));
}

}  // namespace mimus::conformance
