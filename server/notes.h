// What is noted of a request while it is answered, for the journal and the metrics: App notes who asked and for what,
// endpoints what the script said and what the reply cost. A value of one request, used by one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mimus::server {

struct Fixture;

// The header that names the test a request belongs to; without it the API key does.
inline constexpr std::string_view kTestHeader = "x-mimus-test";

struct Notes {
  enum class Script {
    NotAsked,     // the endpoint has no scripted replies, or the request was refused before it came to them
    Matched,      // `fixture` answered
    Synthesised,  // no fixture matched, so the reply was made up
    Missed,       // no fixture matched, and that is refused (--strict)
    Ended,        // `fixture` matched and had nothing left to say
    Relayed,      // no fixture matched, and a real API answers (--record)
  };

  std::string_view operation;  // as the dialect names the endpoint, which outlives the request; empty: no such endpoint
  std::uint64_t key_hash = 0;  // of the API key, which itself is kept nowhere; 0: none was read
  bool key_refused = false;
  std::string model;  // the bare name
  bool stream = false;
  Script script = Script::NotAsked;
  std::shared_ptr<const Fixture> fixture;
  std::uint64_t nth = 0;  // how often its test used the fixture, with this time
  std::string when;       // Relayed: by what the recording is to know the request again, as JSON
  std::int64_t prompt_tokens = 0;
  std::int64_t completion_tokens = 0;
  std::vector<std::string> deviations;  // asked for by directives
};

// What a reply uses: for the journal, and for the limits, which charged an estimate. `notes` may be null.
inline void note_tokens(Notes* notes, std::int64_t prompt, std::int64_t completion) {
  if (notes == nullptr) return;
  notes->prompt_tokens = prompt;
  notes->completion_tokens = completion;
}

}  // namespace mimus::server
