// Rules about what the target asked of its upstream.
#include <algorithm>

#include "conformance/validate/rules.h"

namespace mimus::conformance {
namespace {

Place in_upstream(const Transcript& transcript, const std::string& pointer = "") {
  return {transcript.probe, "upstream" + (pointer.empty() ? "" : " " + pointer), {}};
}

std::int64_t milliseconds(std::chrono::microseconds time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

Finding judge_tries(const Transcript& transcript, std::int64_t at_most) {
  const auto tries = static_cast<std::int64_t>(transcript.upstream.size());
  if (tries <= at_most) return holds();
  std::string times;
  for (const UpstreamCall& call : transcript.upstream) {
    times += (times.empty() ? "" : ", ") + std::to_string(milliseconds(call.arrived));
  }
  return broken(in_upstream(transcript), "at most " + std::to_string(at_most) + " requests upstream for one",
                std::to_string(tries) + ", after " + times + " ms");
}

// The client left once it had seen the beginning; the upstream's reply would have gone on for long.
Finding judge_left(const Transcript& transcript, std::int64_t within) {
  if (transcript.recording.ending != Ending::Left) return undecided("the reply was over before we left");
  const std::int64_t left = milliseconds(transcript.recording.took);
  for (const UpstreamCall& call : transcript.upstream) {
    const std::int64_t late = milliseconds(call.over) - left;
    if (call.ended == "left" && late <= within) continue;
    const std::string expected = "the upstream's connection closed within " + std::to_string(within) + " ms";
    return broken(
        in_upstream(transcript), expected,
        call.ended == "open" ? "it was still being read" : call.ended + " after " + std::to_string(late) + " ms");
  }
  return holds();
}

// The upstream's stream takes longer than `within`: an event that comes earlier was not held back for the end.
Finding judge_prompt(const Transcript& transcript, std::int64_t within) {
  if (transcript.events.empty()) return undecided("there is no event");
  const std::int64_t waited =
      milliseconds(transcript.events.front().at) - milliseconds(transcript.upstream.front().arrived);
  if (waited <= within) return holds();
  return broken(in_event(transcript, 0), "the first event within " + std::to_string(within) + " ms",
                "it came after " + std::to_string(waited) + " ms");
}

bool lists(Json names, std::string_view name) {
  for (const Json one : names.elements()) {
    if (one.string_or("") == name) return true;
  }
  return false;
}

// The same for whoever reads it: a null is as good as nothing, 1.0 as 1.
bool means_the_same(Json a, Json b) {
  if (!a.has_value() || !b.has_value()) return a.has_value() == b.has_value();
  if (a.is_number() && b.is_number()) return a.as_double() == b.as_double();
  if (a.is_array() && b.is_array()) {
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
      if (i >= a.size() || i >= b.size() || !means_the_same(a.at(i), b.at(i))) return false;
    }
    return true;
  }
  if (!a.is_object() || !b.is_object()) return equal(a, b);
  for (const auto [name, value] : a.members()) {
    if (!means_the_same(value, b.find(name))) return false;
  }
  for (const auto [name, value] : b.members()) {
    if (value.has_value() && !a.find(name).has_value()) return false;
  }
  return true;
}

std::string short_text(Json json) {
  if (!json) return "nothing";
  constexpr std::size_t kLongest = 120;
  const std::string text = to_text(json);
  return text.size() > kLongest ? std::string(quoted(text)) : text;
}

// Under the name it was sent by, or one that means the same.
Json arrived(Json body, std::string_view name, Json renamed) {
  const Json own = body.find(name);
  return own ? own : body.find(renamed.find(name).string_or(name));
}

Finding judge_kept(const Transcript& transcript, Json body, Json args) {
  const Json only = args.find("members");
  for (const auto [name, value] : transcript.sent().members()) {
    if ((only && !lists(only, name)) || lists(args.find("but"), name)) continue;
    const Json found = arrived(body, name, args.find("renamed"));
    if (means_the_same(found, value)) continue;
    return broken(in_upstream(transcript, "/" + pointer_step(name)), short_text(value), short_text(found));
  }
  return holds();
}

Finding judge_added(const Transcript& transcript, Json body, Json args) {
  for (const auto [name, value] : body.members()) {
    if (transcript.sent().find(name) || lists(args.find("but"), name)) continue;
    return broken(in_upstream(transcript, "/" + pointer_step(name)), "no member that was not sent",
                  quoted(name) + ": " + short_text(value));
  }
  return holds();
}

}  // namespace

// want: "tries" (at_most requests), "prompt" (the first event comes within_ms after the request), "left" (the target
// closes the upstream's connection within_ms after its client left).
Finding judge_upstream(const Transcript& transcript, Json args, const Scene&) {
  if (transcript.upstream.empty()) return undecided("no request reached the upstream");
  const std::string_view want = args.find("want").string_or("");
  if (want == "prompt") return judge_prompt(transcript, args.find("within_ms").int_or(1000));
  if (want == "tries") return judge_tries(transcript, args.find("at_most").int_or(1));
  return judge_left(transcript, args.find("within_ms").int_or(1000));
}

// The request that the upstream saw is the one that was sent: each member (or those of `members`, without those of
// `but`) has its value there, under its own name or that of `renamed`. added: true asks instead that no member came in.
Finding judge_forwarded(const Transcript& transcript, Json args, const Scene&) {
  if (transcript.upstream.empty()) return undecided("no request reached the upstream");
  const auto body = parse_json(transcript.upstream.front().body);
  if (!body || !body->root().is_object()) {
    return broken(in_upstream(transcript), "a JSON object", quoted(transcript.upstream.front().body));
  }
  return args.find("added").bool_or(false) ? judge_added(transcript, body->root(), args)
                                           : judge_kept(transcript, body->root(), args);
}

}  // namespace mimus::conformance
