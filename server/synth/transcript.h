// Transcripts without ears: what a recording "says" is a function of its bytes, about 150 words a minute of its length.
// A WAV whose INFO chunk has a comment says just that: so mimus's own speech comes back as its text, and tests can
// write what they want to read. Pure and thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mimus::server {

using Milliseconds = std::chrono::milliseconds;

struct TranscriptWord {
  std::string_view word;  // without the punctuation around it
  Milliseconds start{0};
  Milliseconds end{0};
};

struct TranscriptSegment {
  std::string_view text;  // one sentence, or what fits into one
  Milliseconds start{0};
  Milliseconds end{0};
};

// `text` owns what the views show, so a Transcript is moved, not copied.
struct Transcript {
  Transcript() = default;
  Transcript(Transcript&&) = default;
  Transcript& operator=(Transcript&&) = default;

  std::vector<char> letters;  // a vector, because moving it leaves views valid
  [[nodiscard]] std::string_view text() const { return {letters.data(), letters.size()}; }
  Milliseconds duration{0};
  std::vector<TranscriptSegment> segments;  // one after the other, from 0 to the duration
  std::vector<TranscriptWord> words;        // likewise
};

// The length of a recording: from the head of a WAV; else as if it were 128 kbit/s. Never more than a day.
Milliseconds audio_duration(std::string_view audio);

// `text` spoken in `duration`, cut into words and segments.
Transcript make_transcript(std::string_view text, Milliseconds duration);

// `seed` decides what is heard, besides the bytes.
Transcript transcribe(std::string_view audio, std::uint64_t seed);

}  // namespace mimus::server
