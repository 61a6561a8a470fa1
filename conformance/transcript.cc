#include "conformance/transcript.h"

#include <algorithm>
#include <limits>

namespace mimus::conformance {
namespace {

constexpr std::string_view kSentinel = "[DONE]";
constexpr std::size_t kMostLines = 100'000;         // of a stream; a reply of any probe has a few hundred
constexpr std::size_t kKeptOfTooLarge = 64 * 1024;  // no rule judges what did not end

// How much of the body had arrived when: the recording counts raw bytes, head and chunk sizes included.
std::vector<Arrival> feed_with_times(const Recording& recording, HttpReader& reader, std::size_t& used) {
  std::vector<Arrival> body_arrivals;
  const std::string_view raw = recording.raw;
  std::size_t at = 0;
  const auto feed_to = [&](std::size_t end, std::chrono::microseconds when) {
    used += reader.feed(raw.substr(at, end - at));
    at = end;
    body_arrivals.push_back({reader.body().size(), when});
  };
  for (const Arrival& arrival : recording.arrivals) {
    const std::size_t end = std::min(arrival.offset, raw.size());
    if (end > at) feed_to(end, arrival.at);
  }
  if (at < raw.size()) feed_to(raw.size(), recording.took);
  return body_arrivals;
}

std::chrono::microseconds time_of(const std::vector<Arrival>& arrivals, std::size_t offset) {
  const auto found = std::lower_bound(arrivals.begin(), arrivals.end(), offset,
                                      [](const Arrival& arrival, std::size_t end) { return arrival.offset < end; });
  return found == arrivals.end() ? std::chrono::microseconds(0) : found->at;
}

std::vector<Event> read_events(const std::vector<SseBlock>& blocks, const std::vector<Arrival>& arrivals) {
  std::vector<Event> events;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (!blocks[i].has_data) continue;
    Event event;
    event.block = i;
    event.at = time_of(arrivals, blocks[i].end);
    event.is_done = blocks[i].data == kSentinel;
    if (!event.is_done) {
      if (auto json = parse_json(blocks[i].data)) {
        event.json = std::move(*json);
        event.is_json = true;
      }
    }
    events.push_back(std::move(event));
  }
  return events;
}

// Every event costs a parsed document: a small reply of a million lines is as costly as a large one.
void bound(Recording& recording) {
  const auto lines = static_cast<std::size_t>(std::count(recording.raw.begin(), recording.raw.end(), '\n'));
  if (recording.ending != Ending::TooLarge && lines <= kMostLines) return;
  if (recording.problem.empty()) recording.problem = "the reply has more than " + std::to_string(kMostLines) + " lines";
  recording.ending = Ending::TooLarge;
  if (recording.raw.size() <= kKeptOfTooLarge) return;
  recording.raw.resize(kKeptOfTooLarge);
  recording.raw.shrink_to_fit();
}

}  // namespace

std::string_view Transcript::block_text(std::size_t block) const {
  if (block >= blocks.size()) return {};
  const std::size_t begin = std::min(blocks[block].begin, body.size());
  return std::string_view(body).substr(begin, blocks[block].end - begin);
}

Transcript read_transcript(std::string probe, Recording recording) {
  Transcript transcript;
  bound(recording);
  transcript.probe = std::move(probe);
  constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();
  HttpReader reader({kNoLimit, kNoLimit}, recording.request.method == "HEAD");  // the recording is already bounded
  std::size_t used = 0;
  const std::vector<Arrival> arrivals = feed_with_times(recording, reader, used);
  if (recording.ending == Ending::Complete || recording.ending == Ending::ClosedEarly) reader.close();
  transcript.has_head = reader.has_head();
  transcript.head = reader.head();
  transcript.framing = reader.framing();
  transcript.body = reader.body();
  transcript.trailing = recording.raw.size() - used;
  if (transcript.is_stream()) {
    SseReader sse;
    sse.feed(transcript.body);
    sse.close();
    transcript.blocks = sse.blocks();
    transcript.has_bom = sse.has_bom();
    transcript.events = read_events(transcript.blocks, arrivals);
  } else if (auto json = parse_json(transcript.body)) {
    transcript.json_ = std::move(*json);
    transcript.is_json = true;
  } else {
    transcript.json_problem = json.error().message + " (byte " + std::to_string(json.error().offset) + ")";
  }
  if (auto sent = parse_json(recording.request.body)) transcript.sent_ = std::move(*sent);
  transcript.recording = std::move(recording);
  return transcript;
}

Transcript not_sent(std::string probe, std::string reason) {
  Transcript transcript;
  transcript.probe = std::move(probe);
  transcript.not_sent = std::move(reason);
  return transcript;
}

}  // namespace mimus::conformance
