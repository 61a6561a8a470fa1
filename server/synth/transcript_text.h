// A transcript as each response_format wants it. Pure and thread-safe.
// Sources: OpenAI API reference, audio transcriptions (json, verbose_json); SubRip; WebVTT.
#pragma once

#include <string>
#include <string_view>

#include "server/synth/transcript.h"

namespace mimus::server {

std::string transcript_plain(const Transcript& transcript);  // "text": the text and a line break
std::string transcript_srt(const Transcript& transcript);
std::string transcript_vtt(const Transcript& transcript);

// "verbose_json": an object with task, language, duration, text, and what is asked for of segments, words and usage.
struct VerboseTranscript {
  std::string_view task = "transcribe";
  std::string_view language = "english";
  double temperature = 0;
  bool with_segments = true;
  bool with_words = false;
  bool with_usage = true;  // a translation has none
};
std::string transcript_verbose(const Transcript& transcript, const VerboseTranscript& wanted);

// The seconds that whisper bills: whole ones, rounded up.
std::int64_t billed_seconds(const Transcript& transcript);

}  // namespace mimus::server
