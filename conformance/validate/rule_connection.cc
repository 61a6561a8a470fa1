// A rule about two requests on one connection.
#include "conformance/validate/rules.h"

namespace mimus::conformance {

// The second request on a connection gets its own reply, or the first reply said that the connection closes.
Finding judge_reuse(const Transcript& transcript, Json, const Scene&) {
  const Recording& recording = transcript.recording;
  if (recording.lead_raw.empty()) return undecided("the first request on the connection got no reply");
  if (!recording.reused) return not_applicable("the target closed the connection after the first reply, as it said");
  if (!transcript.has_head) {
    return broken(in_reply(transcript), "a reply on the connection that was kept open",
                  std::string(name_of(recording.ending)) + ": " + recording.problem);
  }
  if (!transcript.is_success() && transcript.expects == "json" && transcript.status() == 400) {
    return broken(in_reply(transcript), "the reply to the second request",
                  "status 400, as if the bytes of the first were still being read");
  }
  return holds();
}

}  // namespace mimus::conformance
