// Rules about the bytes of a body: text, length, coding.
#include "conformance/client/utf8.h"
#include "conformance/validate/rules.h"

namespace mimus::conformance {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

bool begins_like_gzip(std::string_view body) {
  return body.starts_with("\x1F\x8B");
}

}  // namespace

// want: "text" (valid UTF-8, no byte order mark), "json" (exactly one JSON value).
Finding judge_json_body(const Transcript& transcript, Json args, const Scene&) {
  if (args.find("want").string_or("") == "json") {
    if (transcript.is_json) return holds();
    return broken(in_reply(transcript), "one JSON value", quoted(transcript.body) + ": " + transcript.json_problem);
  }
  if (transcript.body.starts_with(kBom)) return broken(in_reply(transcript), "no byte order mark", "one");
  const auto invalid = find_invalid_utf8(transcript.body);
  if (!invalid) return holds();
  return broken(in_reply(transcript), "valid UTF-8", "an invalid byte at offset " + std::to_string(*invalid));
}

// The body ends as its framing says: with the announced length, or with the last chunk.
Finding judge_length(const Transcript& transcript, Json, const Scene&) {
  if (!transcript.has_head) return undecided(transcript.probe + ": " + transcript.recording.problem);
  switch (transcript.recording.ending) {
    case Ending::Complete:
      break;
    case Ending::TimedOut:
      return undecided(transcript.probe + ": our time was over before the reply ended");
    case Ending::TooLarge:
      return undecided(transcript.probe + ": " + transcript.recording.problem);
    default:
      return broken(in_reply(transcript), "a body as long as its framing says",
                    transcript.recording.problem + " after " + std::to_string(transcript.body.size()) + " bytes");
  }
  if (transcript.trailing == 0) return holds();
  return broken(in_reply(transcript), "nothing after the reply", std::to_string(transcript.trailing) + " more bytes");
}

// Content-Encoding tells the truth about the bytes; identity: true, the request refused every coding.
Finding judge_coding(const Transcript& transcript, Json args, const Scene&) {
  const std::string* coding = transcript.head.find("content-encoding");
  const Place place = in_header(transcript, "content-encoding");
  const bool plain = coding == nullptr || equal_ignoring_case(*coding, "identity");
  if (args.find("identity").bool_or(false)) {
    return plain ? holds() : broken(place, "no coding, as the request asked", quoted(*coding));
  }
  if (plain) {
    return begins_like_gzip(transcript.body) ? broken(place, "Content-Encoding: gzip for these bytes", "none")
                                             : holds();
  }
  if (!equal_ignoring_case(*coding, "gzip")) return broken(place, "gzip, the coding that was offered", quoted(*coding));
  return begins_like_gzip(transcript.body) ? holds()
                                           : broken(in_reply(transcript), "a gzip body", quoted(transcript.body));
}

// text: does not stand in the reply.
Finding judge_absent_text(const Transcript& transcript, Json args, const Scene&) {
  const std::string_view text = args.find("text").string_or("");
  const std::size_t at = transcript.recording.raw.find(text);
  if (at == std::string::npos) return holds();
  return broken(in_reply(transcript), "a reply without " + quoted(text), "it stands at byte " + std::to_string(at));
}

}  // namespace mimus::conformance
