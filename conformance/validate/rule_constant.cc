// A rule about what stays the same over a stream.
#include "api/object_reader.h"
#include "conformance/validate/rules.h"

namespace mimus::conformance {

// at: the same value in all chunks, from the first that is neither empty nor 0: some servers begin with a chunk that
// belongs to no completion yet (content filter results, empty id, created 0).
Finding judge_constant(const Transcript& transcript, Json args, const Scene&) {
  const std::string_view at = args.find("at").string_or("");
  Json first;
  for (const Chunk& chunk : chunks_of(transcript)) {
    const Json value = chunk.json.find_pointer(at);
    const bool blank = !value.has_value() || value.string_or("x").empty() || value.double_or(1) == 0;
    if (!first && blank) continue;
    if (!first) first = value;
    if (!value) continue;  // absence is another check's matter
    if (!equal(value, first)) {
      return broken(in_event(transcript, chunk.event, std::string(at)), describe(first) + " as before",
                    describe(value));
    }
  }
  return first ? holds() : undecided("no chunk has " + std::string(at));
}

}  // namespace mimus::conformance
