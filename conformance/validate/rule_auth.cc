// Rules about calls without a key.
#include "conformance/validate/rules.h"

namespace mimus::conformance {
namespace {

bool refuses(const Transcript& transcript) {
  return transcript.status() == 401 || transcript.status() == 403;
}

}  // namespace

// Either all replies refuse the missing key or none does. A route that is not offered says nothing.
Finding judge_same_refusal(const TranscriptList& list, Json, const Scene&) {
  const Transcript* refused = nullptr;
  const Transcript* open = nullptr;
  for (const Transcript* transcript : list) {
    if (refuses(*transcript)) refused = transcript;
    if (transcript->is_success()) open = transcript;
  }
  if (refused == nullptr && open == nullptr) return undecided("no reply tells whether a key is wanted");
  if (refused == nullptr) return not_applicable("the target wants no key");
  if (open == nullptr) return holds();
  return broken(in_reply(*open), "status " + std::to_string(refused->status()) + " as for " + refused->probe,
                "status " + std::to_string(open->status()) + " without a key");
}

// A request without a key and with an invalid body: the key is the matter.
Finding judge_refused_first(const Transcript& transcript, Json, const Scene& scene) {
  const Transcript* valid = scene.find("auth.missing");
  if (valid == nullptr || !refuses(*valid)) return not_applicable("the target wants no key");
  if (refuses(transcript)) return holds();
  return broken(in_reply(transcript), "status " + std::to_string(valid->status()),
                "status " + std::to_string(transcript.status()));
}

}  // namespace mimus::conformance
