// Rules about how many there are, and about what a string begins with.
#include "api/object_reader.h"
#include "conformance/validate/rules.h"

namespace mimus::conformance {

// at: a pattern; each place is an array, of so many elements: is, at_least, at_most, or is_sent: as many as the request
// has at this pointer (an array, or a number; nothing there: 1).
Finding judge_count(const Transcript& transcript, Json args, const Scene&) {
  const Json sent = transcript.sent().find_pointer(args.find("is_sent").string_or("-"));
  const std::int64_t as_sent = sent.is_array() ? static_cast<std::int64_t>(sent.size()) : sent.int_or(1);
  const std::int64_t exact = args.find("is_sent") ? as_sent : args.find("is").int_or(-1);
  const std::int64_t least = exact >= 0 ? exact : args.find("at_least").int_or(0);
  const std::int64_t most = exact >= 0 ? exact : args.find("at_most").int_or(1'000'000);
  const std::vector<Located> all = find_all(transcript.json(), args.find("at").string_or(""));
  for (const Located& located : all) {
    const auto count = static_cast<std::int64_t>(located.json.size());
    if (located.json.is_array() && count >= least && count <= most) continue;
    const std::string expected = exact >= 0         ? std::to_string(exact)
                                 : most < 1'000'000 ? "at most " + std::to_string(most)
                                                    : "at least " + std::to_string(least);
    return broken(in_body(transcript, located.pointer), expected + " elements",
                  located.json.is_array() ? std::to_string(count) : describe(located.json));
  }
  return all.empty() ? undecided("there is nothing to count") : holds();
}

// The string at `at`, or with a step "*" all of them joined; nothing when there is none.
std::optional<std::string> text_at(Json root, std::string_view at) {
  std::string joined;
  const std::vector<Located> all = find_all(root, at);
  for (const Located& located : all) {
    if (!located.json.is_string()) return std::nullopt;
    joined += located.json.as_string();
  }
  return all.empty() ? std::nullopt : std::optional(joined);
}

// at: a string of the reply, several joined (*), or "" for its whole body. starts_with, contains, equals: text; sent:
// what the request has at this pointer must be its beginning.
Finding judge_text(const Transcript& transcript, Json args, const Scene&) {
  const std::string_view at = args.find("at").string_or("");
  const auto member = at.empty() ? transcript.body : text_at(transcript.json(), at);
  if (!member) return undecided("there is no text at " + std::string(at));
  const std::string_view text = *member;
  const Place place = at.empty() ? in_reply(transcript) : in_body(transcript, std::string(at));
  const std::string_view sent = transcript.sent().find_pointer(args.find("sent").string_or("-")).string_or("");
  const std::string_view begins = args.find("sent") ? sent : args.find("starts_with").string_or("");
  if (!text.starts_with(begins)) return broken(place, "text that begins with " + quoted(begins), quoted(text));
  const std::string_view part = args.find("contains").string_or("");
  if (text.find(part) == std::string_view::npos) return broken(place, "text with " + quoted(part), quoted(text));
  const Json whole = args.find("equals");
  if (whole && text != whole.string_or("")) return broken(place, quoted(whole.string_or("")), quoted(text));
  return holds();
}

}  // namespace mimus::conformance
