// A rule about when the events of a stream came.
#include <chrono>

#include "conformance/validate/rules.h"

namespace mimus::conformance {

// A stream that comes all at once after a long wait was not streamed. How many reads it took says nothing, so only the
// time from the first event to the last counts, and only where generation took long enough to tell.
Finding judge_spread(const Transcript& transcript, Json, const Scene&) {
  constexpr std::chrono::milliseconds kShortest{1'500};
  constexpr std::size_t kFewest = 10;
  constexpr int kLeastShare = 20;  // the events spread over at least a twentieth of the time
  const auto total = transcript.events.empty() ? transcript.recording.took : transcript.events.back().at;
  if (transcript.events.size() < kFewest || total < kShortest) {
    return undecided("the reply was too short or too quick to tell (" + std::to_string(transcript.events.size()) +
                     " events in " + std::to_string(total.count() / 1000) + " ms)");
  }
  const auto spread = transcript.events.back().at - transcript.events.front().at;
  if (spread * kLeastShare >= total) return holds();
  return broken(in_reply(transcript), "events spread over the time of the reply",
                "all within " + std::to_string(spread.count() / 1000) + " ms, after " +
                    std::to_string(transcript.events.front().at.count() / 1000) + " ms of silence");
}

}  // namespace mimus::conformance
