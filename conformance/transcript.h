// What a probe brought: the recording, and what can be read from it without judging. Rules are pure functions over
// this. Move-only; views into a transcript live as long as it does.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/json.h"
#include "conformance/client/http_reader.h"
#include "conformance/client/recording.h"
#include "conformance/client/sse_reader.h"
#include "conformance/upstream.h"

namespace mimus::conformance {

// One event of a stream as a client would get it: a block with data.
struct Event {
  std::size_t block = 0;            // index into Transcript::blocks
  std::chrono::microseconds at{0};  // when its last byte had arrived
  bool is_done = false;             // its data is the sentinel [DONE]
  bool is_json = false;
  JsonDocument json;  // meaningful if is_json

  [[nodiscard]] Json root() const { return json.root(); }
};

class Transcript {
 public:
  std::string probe;
  std::string area;
  std::string expects;                        // of the probe: "json", "stream", "error", "any"
  std::string not_sent;                       // why there is nothing to read; empty when it was sent
  std::string model;                          // the model that was asked for
  Json sent() const { return sent_.root(); }  // the request body as JSON; null when it was none

  Recording recording;
  bool has_head = false;
  ReplyHead head;
  Framing framing = Framing::None;
  std::string body;
  std::size_t trailing = 0;      // bytes that came after the end of the reply
  bool is_json = false;          // the body is one JSON value
  std::string json_problem;      // why it is not
  std::vector<SseBlock> blocks;  // with text/event-stream only
  bool has_bom = false;
  std::vector<Event> events;
  std::vector<UpstreamCall> upstream;  // with mimus as the upstream: what the target asked of it, in order

  [[nodiscard]] bool was_sent() const { return not_sent.empty(); }
  [[nodiscard]] int status() const { return has_head ? head.status : 0; }
  [[nodiscard]] bool is_success() const { return status() >= 200 && status() < 300; }
  [[nodiscard]] bool is_stream() const { return has_head && media_type(head) == "text/event-stream"; }
  [[nodiscard]] Json json() const { return json_.root(); }  // of the body; null when it is none
  [[nodiscard]] std::string_view block_text(std::size_t block) const;

 private:
  friend Transcript read_transcript(std::string probe, Recording recording);
  JsonDocument json_;
  JsonDocument sent_;
};

using Transcripts = std::map<std::string, Transcript, std::less<>>;  // by probe id

// Reads all that can be read from a recording. Never fails: what cannot be read stays empty and is named.
Transcript read_transcript(std::string probe, Recording recording);

// The transcript of a probe that was not sent.
Transcript not_sent(std::string probe, std::string reason);

}  // namespace mimus::conformance
