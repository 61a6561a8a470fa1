#include "server/synth/transcript_text.h"

#include <array>
#include <cstdio>

#include "api/json_writer.h"
#include "server/synth/digest.h"
#include "server/tokens.h"

namespace mimus::server {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\n')) text.remove_prefix(1);
  return text;
}

// "00:01:02,345"
std::string clock_text(Milliseconds time, char before_fraction) {
  std::array<char, 32> text{};
  const long long ms = time.count();
  const int size = std::snprintf(text.data(), text.size(), "%02lld:%02lld:%02lld%c%03lld", ms / 3'600'000,
                                 ms / 60'000 % 60, ms / 1000 % 60, before_fraction, ms % 1000);
  return {text.data(), static_cast<std::size_t>(size)};
}

// A cue ends at an empty line, and --> may only stand in its times.
std::string cue_text(std::string_view text) {
  std::string cue(trimmed(text));
  for (std::size_t at = 0; (at = cue.find("-->", at)) != std::string::npos;) cue.replace(at, 3, "->");
  for (char& c : cue) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return cue;
}

double seconds(Milliseconds time) {
  return static_cast<double>(time.count()) / 1000;
}

// The numbers that whisper gives of its own confidence are made up, but the same for the same words.
void write_segment(const TranscriptSegment& segment, int id, double temperature, JsonWriter& json) {
  const std::uint64_t digest = Digest(1).add(segment.text).value();
  json.object().member("id", id).member("seek", static_cast<std::int64_t>(segment.start.count() / 10));
  json.key("start").number(seconds(segment.start)).key("end").number(seconds(segment.end));
  json.member("text", segment.text).key("tokens").array();
  for (std::string_view rest = segment.text; !rest.empty();) {
    const std::string_view token = rest.substr(0, first_token_size(rest));
    json.integer(static_cast<std::int64_t>(Digest(0).add(token).value() % 50'000));
    rest.remove_prefix(token.size());
  }
  json.end_array().key("temperature").number(temperature);
  json.key("avg_logprob").number(-static_cast<double>(digest % 400 + 100) / 1000);
  json.key("compression_ratio").number(1 + static_cast<double>(digest / 400 % 800) / 1000);
  json.key("no_speech_prob").number(static_cast<double>(digest / 320'000 % 50) / 1000).end_object();
}

}  // namespace

std::string transcript_plain(const Transcript& transcript) {
  return std::string(transcript.text()) + "\n";
}

std::string transcript_srt(const Transcript& transcript) {
  std::string out;
  int number = 0;
  for (const TranscriptSegment& segment : transcript.segments) {
    out += std::to_string(++number) + "\n" + clock_text(segment.start, ',') + " --> " + clock_text(segment.end, ',') +
           "\n" + cue_text(segment.text) + "\n\n";
  }
  return out;
}

std::string transcript_vtt(const Transcript& transcript) {
  std::string out = "WEBVTT\n\n";
  for (const TranscriptSegment& segment : transcript.segments) {
    out += clock_text(segment.start, '.') + " --> " + clock_text(segment.end, '.') + "\n" + cue_text(segment.text) +
           "\n\n";
  }
  return out;
}

std::string transcript_verbose(const Transcript& transcript, const VerboseTranscript& wanted) {
  std::string out;
  JsonWriter json(out);
  json.object().member("task", wanted.task).member("language", wanted.language);
  json.key("duration").number(seconds(transcript.duration)).member("text", transcript.text());
  if (wanted.with_segments) {
    json.key("segments").array();
    int id = 0;
    for (const TranscriptSegment& segment : transcript.segments) write_segment(segment, id++, wanted.temperature, json);
    json.end_array();
  }
  if (wanted.with_words) {
    json.key("words").array();
    for (const TranscriptWord& word : transcript.words) {
      json.object().member("word", word.word).key("start").number(seconds(word.start));
      json.key("end").number(seconds(word.end)).end_object();
    }
    json.end_array();
  }
  if (wanted.with_usage) {
    json.key("usage").object().member("type", "duration").member("seconds", billed_seconds(transcript)).end_object();
  }
  json.end_object();
  return out;
}

std::int64_t billed_seconds(const Transcript& transcript) {
  return (transcript.duration.count() + 999) / 1000;
}

}  // namespace mimus::server
