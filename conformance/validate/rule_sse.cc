// Rules about the framing of a stream. Everything the standard allows is right: LF, CR and CRLF, comments, event, id
// and retry fields, data in several lines, no space after the colon.
// Source: WHATWG HTML, 9.2; what the official clients do with the odd cases was tried with openai-node and
// openai-python.
#include <array>

#include "conformance/client/utf8.h"
#include "conformance/validate/rules.h"

namespace mimus::conformance {
namespace {

Place in_block(const Transcript& transcript, std::size_t block) {
  return {transcript.probe, "block " + std::to_string(block), block};
}

// A parser drops a block that no blank line ends.
Finding judge_ended(const Transcript& transcript) {
  const std::size_t last = transcript.blocks.size() - 1;
  if (transcript.blocks[last].ended) return holds();
  // Without the blank line after the sentinel a strict parser loses the sentinel only, and clients survive that.
  const bool is_done = transcript.events.back().block == last && transcript.events.back().is_done;
  return broken(in_block(transcript, last), "a blank line after the last event",
                "the end of the body after " + quoted(transcript.block_text(last)),
                is_done ? Verdict::Warn : Verdict::Fail);
}

Finding judge_fields(const Transcript& transcript) {
  for (std::size_t i = 0; i < transcript.blocks.size(); ++i) {
    const auto& names = transcript.blocks[i].unknown_fields;
    if (names.empty()) continue;
    return broken(in_block(transcript, i), "only data, event, id, retry and comments", "the field " + quoted(names[0]));
  }
  return holds();
}

// Official clients parse the data of every event that they are given, empty or not.
Finding judge_no_empty_data(const Transcript& transcript) {
  for (std::size_t i = 0; i < transcript.blocks.size(); ++i) {
    const SseBlock& block = transcript.blocks[i];
    if (block.has_data && block.data.empty())
      return broken(in_block(transcript, i), "data in every event", "data: \"\"");
    if (!block.has_data && (block.has_event || block.has_retry)) {
      return broken(in_block(transcript, i), "data in every event", quoted(transcript.block_text(i)));
    }
  }
  return holds();
}

// openai-python keeps the last id and dispatches an empty event at the next blank line without data.
Finding judge_keepalive_safe(const Transcript& transcript) {
  bool after_id = false;
  for (std::size_t i = 0; i < transcript.blocks.size(); ++i) {
    const SseBlock& block = transcript.blocks[i];
    if (after_id && !block.has_data) {
      return broken(in_block(transcript, i), "no block without data once an id was sent",
                    quoted(transcript.block_text(i)));
    }
    after_id = after_id || block.has_id;
  }
  return holds();
}

Finding judge_json(const Transcript& transcript) {
  for (std::size_t i = 0; i < transcript.events.size(); ++i) {
    const Event& event = transcript.events[i];
    const std::string& data = transcript.blocks[event.block].data;
    if (event.is_done || data.empty() || data.find("[DONE]") != std::string::npos) continue;  // other checks' matter
    if (!event.is_json || !event.root().is_object()) {
      return broken(in_event(transcript, i), "one JSON object or the sentinel", quoted(data));
    }
  }
  return holds();
}

Finding judge_utf8(const Transcript& transcript) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  for (std::size_t i = 0; i < transcript.blocks.size(); ++i) {
    const std::string_view text = transcript.block_text(i);
    if (const auto invalid = find_invalid_utf8(text)) {
      return broken(in_block(transcript, i), "valid UTF-8", "an invalid byte at offset " + std::to_string(*invalid));
    }
    if (text.find(kReplacement) != std::string_view::npos) {
      return broken(in_block(transcript, i), "no U+FFFD, which stands for a character cut in two", quoted(text));
    }
  }
  return holds();
}

// openai-python loses the first event after a byte order mark.
Finding judge_bom(const Transcript& transcript) {
  return transcript.has_bom ? broken(in_block(transcript, 0), "no byte order mark", "one") : holds();
}

struct Want {
  std::string_view name;
  Finding (*judge)(const Transcript&);
};
constexpr std::array<Want, 7> kWants = {{{"ended", &judge_ended},
                                         {"fields", &judge_fields},
                                         {"no-empty-data", &judge_no_empty_data},
                                         {"keepalive-safe", &judge_keepalive_safe},
                                         {"json", &judge_json},
                                         {"utf8", &judge_utf8},
                                         {"no-bom", &judge_bom}}};

}  // namespace

// want: one of the names above.
Finding judge_sse(const Transcript& transcript, Json args, const Scene&) {
  for (const Want& want : kWants) {
    if (want.name == args.find("want").string_or("")) return want.judge(transcript);
  }
  return {Finding::Kind::Failed, "", "", "no such want", {}, Verdict::Fail};
}

}  // namespace mimus::conformance
