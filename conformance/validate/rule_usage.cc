// Rules about token counts. Counts are never compared with a tokenizer of ours: every vendor has its own.
#include <algorithm>

#include "api/object_reader.h"
#include "conformance/validate/rules.h"

namespace mimus::conformance {
namespace {

Json usage_of(const Transcript& transcript, Place& place) {
  place = in_body(transcript, "/usage/total_tokens");
  if (!transcript.is_stream()) return transcript.json().find("usage");
  Json usage;
  for (const Chunk& chunk : chunks_of(transcript)) {
    if (!chunk.json.find("usage").is_object()) continue;
    usage = chunk.json.find("usage");
    place = in_event(transcript, chunk.event, "/usage/total_tokens");
  }
  return usage;
}

// The numbers (among the chunks) of those that carry usage.
std::vector<std::size_t> usage_chunks(const std::vector<Chunk>& chunks) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    if (chunks[i].json.find("usage").is_object()) found.push_back(i);
  }
  return found;
}

bool finishes(Json chunk) {
  for (const Json choice : chunk.find("choices").elements()) {
    if (!choice.find("finish_reason").string_or("").empty()) return true;
  }
  return false;
}

Finding judge_position(const Transcript& transcript, const std::vector<Chunk>& chunks,
                       const std::vector<std::size_t>& with_usage) {
  if (with_usage.size() > 1) {
    const std::size_t first = with_usage.front();
    return broken(in_event(transcript, chunks[first].event, "/usage"), "usage on one chunk only",
                  "on " + std::to_string(with_usage.size()) + " chunks");
  }
  const std::size_t at = with_usage.front();
  for (std::size_t i = at + 1; i < chunks.size(); ++i) {
    if (finishes(chunks[i].json)) {
      return broken(in_event(transcript, chunks[at].event, "/usage"), "usage after the finish reason", "before it");
    }
  }
  return holds();
}

}  // namespace

// total = prompt + completion. A gap that is exactly the reasoning tokens is the milder case: some vendors leave
// them out of completion_tokens.
Finding judge_usage_total(const Transcript& transcript, Json, const Scene&) {
  Place place;
  const Json usage = usage_of(transcript, place);
  const Json prompt = usage.find("prompt_tokens");
  const Json completion = usage.find("completion_tokens");
  const Json total = usage.find("total_tokens");
  if (!prompt.is_integer() || !completion.is_integer() || !total.is_integer())
    return undecided("usage is not complete");
  const std::int64_t gap = total.as_int() - prompt.as_int() - completion.as_int();
  if (gap == 0) return holds();
  const std::int64_t reasoning = usage.find_pointer("/completion_tokens_details/reasoning_tokens").int_or(0);
  std::string found = to_text(total);
  if (gap == reasoning) found += ": completion_tokens leaves out " + std::to_string(reasoning) + " reasoning tokens";
  return broken(place, to_text(prompt) + " + " + to_text(completion), found,
                gap == reasoning ? Verdict::Warn : Verdict::Fail);
}

// want: "sent" (asked for, and it comes), "choices-empty" (its chunk has choices: []), "position" (one chunk, after
// every finish reason), "off" (not asked for, so it does not come).
Finding judge_usage_chunk(const Transcript& transcript, Json args, const Scene&) {
  const std::string_view want = args.find("want").string_or("");
  const std::vector<Chunk> chunks = chunks_of(transcript);
  const std::vector<std::size_t> with_usage = usage_chunks(chunks);
  if (want == "off") {
    if (with_usage.empty()) return holds();
    return broken(in_event(transcript, chunks[with_usage.front()].event, "/usage"), "no usage, for none was asked for",
                  quoted(to_text(chunks[with_usage.front()].json.find("usage"))));
  }
  if (with_usage.empty()) {
    return want == "sent" ? broken(in_reply(transcript), "a chunk with a usage object", "none")
                          : undecided("no chunk has usage");
  }
  if (want == "sent") return holds();
  if (want == "position") return judge_position(transcript, chunks, with_usage);
  const Chunk& chunk = chunks[with_usage.back()];
  const Json choices = chunk.json.find("choices");
  if (!choices.is_array() || choices.size() == 0) return holds();
  return broken(in_event(transcript, chunk.event, "/choices"), "[]", quoted(to_text(choices)));
}

// finish_reason is "length" when usage shows that the cap was reached; a model that stopped earlier proves nothing.
Finding judge_length_reason(const Transcript& transcript, Json, const Scene& scene) {
  Place place;
  const Json usage = usage_of(transcript, place);
  const Json cap = transcript.sent().find(scene.facts.cap_parameter);
  const std::int64_t used = usage.find("completion_tokens").int_or(-1);
  if (!cap.is_integer() || used < 0) return undecided("there is no count of completion tokens");
  if (used < cap.as_int()) {
    return undecided("the reply ended after " + std::to_string(used) + " of " + to_text(cap) + " tokens");
  }
  std::string reason;
  if (!transcript.is_stream()) reason = transcript.json().find_pointer("/choices/0/finish_reason").string_or("");
  for (const Chunk& chunk : chunks_of(transcript)) {
    const std::string_view finish = chunk.json.find_pointer("/choices/0/finish_reason").string_or("");
    if (!finish.empty()) reason = finish;
  }
  if (reason == "length") return holds();
  if (reason == "content_filter") return undecided("the reply was filtered");
  return broken(in_body(transcript, "/choices/0/finish_reason"),
                "\"length\", for all " + to_text(cap) + " tokens were used", quoted(reason));
}

}  // namespace mimus::conformance
