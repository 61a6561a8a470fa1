// A rule about pairs of replies: the same invalid request, once plain and once with stream: true.
#include "api/object_reader.h"
#include "conformance/validate/rules.h"

namespace mimus::conformance {

// Transcripts come in pairs: plain, streamed. Both have the same status and error code.
Finding judge_parity(const TranscriptList& list, Json, const Scene&) {
  for (std::size_t i = 0; i + 1 < list.size(); i += 2) {
    const Transcript& plain = *list[i];
    const Transcript& streamed = *list[i + 1];
    if (plain.status() != streamed.status()) {
      return broken(in_reply(streamed), "status " + std::to_string(plain.status()) + " as without stream",
                    "status " + std::to_string(streamed.status()));
    }
    const Json plain_code = plain.json().find_pointer("/error/code");
    const Json streamed_code = streamed.json().find_pointer("/error/code");
    if (!equal(plain_code, streamed_code)) {
      return broken(in_body(streamed, "/error/code"), describe(plain_code) + " as without stream",
                    describe(streamed_code));
    }
  }
  return holds();
}

}  // namespace mimus::conformance
