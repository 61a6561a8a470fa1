// Rules about logprobs of chat replies, whole or streamed.
#include "api/object_reader.h"
#include "conformance/validate/answer.h"
#include "conformance/validate/rules.h"

namespace mimus::conformance {
namespace {

struct Entry {
  Place place;
  Json json;
};

std::vector<Entry> entries_of(const Transcript& transcript) {
  std::vector<Entry> entries;
  const auto add = [&](Json root, const auto& place_of) {
    for (const Located& located : find_all(root, "/choices/0/logprobs/content/*")) {
      if (located.json.is_object()) entries.push_back({place_of(located.pointer), located.json});
    }
  };
  for (const Chunk& chunk : chunks_of(transcript)) {
    add(chunk.json, [&](const std::string& at) { return in_event(transcript, chunk.event, at); });
  }
  if (!transcript.is_stream()) {
    add(transcript.json(), [&](const std::string& at) { return in_body(transcript, at); });
  }
  return entries;
}

Finding judge_top_count(const Transcript& transcript, const std::vector<Entry>& entries) {
  const std::int64_t most = transcript.sent().find("top_logprobs").int_or(0);
  for (const Entry& entry : entries) {
    const auto count = static_cast<std::int64_t>(entry.json.find("top_logprobs").size());
    if (count > most)
      return broken(entry.place, "at most " + std::to_string(most) + " alternatives", std::to_string(count));
  }
  return holds();
}

// bytes: null, or the UTF-8 bytes of the token. A token that is a part of a character has bytes that its text cannot
// show.
Finding judge_token_bytes(const std::vector<Entry>& entries) {
  for (const Entry& entry : entries) {
    const Json bytes = entry.json.find("bytes");
    const std::string_view token = entry.json.find("token").string_or("");
    if (!bytes.is_array() || token.find("\xEF\xBF\xBD") != std::string_view::npos) continue;
    std::string decoded;
    for (const Json byte : bytes.elements()) {
      const std::int64_t value = byte.int_or(-1);
      if (value < 0 || value > 255) return broken(entry.place, "numbers of 0 to 255", describe(byte));
      decoded.push_back(static_cast<char>(value));
    }
    if (decoded != token && token.find("bytes:") != 0) {
      return broken(entry.place, "the bytes of " + quoted(token), quoted(decoded));
    }
  }
  return holds();
}

Finding judge_chosen(const std::vector<Entry>& entries) {
  for (const Entry& entry : entries) {
    const Json token = entry.json.find("token");
    bool found = entry.json.find("top_logprobs").size() == 0;
    for (const Json other : entry.json.find("top_logprobs").elements())
      found = found || equal(other.find("token"), token);
    if (!found) return broken(entry.place, describe(token) + " among its alternatives", "others only");
  }
  return holds();
}

Finding judge_joined(const Transcript& transcript, const std::vector<Entry>& entries) {
  std::string text;
  for (const Entry& entry : entries) text += entry.json.find("token").string_or("");
  const Answer answer = answer_of(transcript);
  if (answer.text.empty() || text.find("bytes:") != std::string::npos) return undecided("there is no text to compare");
  return text == answer.text || text.starts_with(answer.text)
             ? holds()
             : broken(entries.front().place, "tokens that join to " + quoted(answer.text), quoted(text));
}

}  // namespace

// want: "sent" (there are some), "top-count", "bytes", "chosen" (the alternatives hold the token itself), "text" (the
// tokens join to the content).
Finding judge_logprobs(const Transcript& transcript, Json args, const Scene&) {
  const std::string_view want = args.find("want").string_or("");
  const std::vector<Entry> entries = entries_of(transcript);
  if (entries.empty()) {
    return want == "sent" ? broken(in_reply(transcript), "logprobs, which were asked for", "none")
                          : undecided("there are no logprobs");
  }
  if (want == "top-count") return judge_top_count(transcript, entries);
  if (want == "bytes") return judge_token_bytes(entries);
  if (want == "chosen") return judge_chosen(entries);
  return want == "text" ? judge_joined(transcript, entries) : holds();
}

}  // namespace mimus::conformance
