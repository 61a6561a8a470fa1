#include "server/synth/transcript.h"

#include <algorithm>
#include <optional>

#include "server/synth/digest.h"
#include "server/synth/prose.h"
#include "server/utf8.h"

namespace mimus::server {
namespace {

constexpr std::int64_t kWordMs = 400;  // 150 words a minute
constexpr std::int64_t kMostWords = 20'000;
constexpr std::int64_t kBytesPerMs = 16;  // of 128 kbit/s
constexpr Milliseconds kLongest = std::chrono::hours(24);
constexpr std::size_t kSegmentLetters = 200;

std::uint32_t little(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

// The content of the first chunk called `name` in `chunks`; nothing when there is none. A size beyond the end, as
// recorders write that could not seek, means the rest.
std::optional<std::string_view> find_chunk(std::string_view chunks, std::string_view name) {
  while (chunks.size() >= 8) {
    const std::size_t size = std::min<std::size_t>(little(chunks, 4), chunks.size() - 8);
    if (chunks.substr(0, 4) == name) return chunks.substr(8, size);
    chunks.remove_prefix(std::min(8 + size + (size & 1), chunks.size()));
  }
  return std::nullopt;
}

// The chunks of a WAV; empty for anything else.
std::string_view wav_chunks(std::string_view audio) {
  const bool is_wav = audio.size() >= 12 && audio.starts_with("RIFF") && audio.substr(8, 4) == "WAVE";
  return is_wav ? audio.substr(12) : std::string_view();
}

std::string_view comment_of(std::string_view audio) {
  const auto list = find_chunk(wav_chunks(audio), "LIST");
  if (!list || !list->starts_with("INFO")) return {};
  std::string_view comment = find_chunk(list->substr(4), "ICMT").value_or(std::string_view());
  comment = comment.substr(0, comment.find('\0'));
  return is_utf8(comment) ? comment : std::string_view();
}

std::string heard(std::string_view audio, Milliseconds duration, std::uint64_t seed) {
  if (const std::string_view comment = comment_of(audio); !comment.empty()) return std::string(comment);
  const std::int64_t words = std::clamp<std::int64_t>(duration.count() / kWordMs, 1, kMostWords);
  std::string text = prose(Digest(seed).add(audio).value(), Topics(), words);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == ',')) text.pop_back();
  if (!text.empty() && text.back() != '.') text += '.';
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

bool is_mark(char c) {
  return std::string_view(".,;:!?\"()[]").find(c) != std::string_view::npos;
}

bool ends_sentence(std::string_view token) {
  return token.ends_with('.') || token.ends_with('!') || token.ends_with('?');
}

// Cuts the text into words and segments; a letter takes as long as every other.
void divide(Transcript& transcript) {
  const std::string_view text = transcript.text();
  const auto letters = static_cast<std::int64_t>(std::max<std::size_t>(text.size(), 1));
  const auto time_at = [&](std::size_t at) {
    return Milliseconds(transcript.duration.count() * static_cast<std::int64_t>(at) / letters);
  };
  std::size_t segment = 0;  // where the current one began
  for (std::size_t at = 0; at < text.size();) {
    if (is_space(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && !is_space(text[end])) ++end;
    const std::string_view token = text.substr(at, end - at);
    std::string_view word = token;
    while (!word.empty() && is_mark(word.back())) word.remove_suffix(1);
    while (!word.empty() && is_mark(word.front())) word.remove_prefix(1);
    if (!word.empty()) transcript.words.push_back({word, time_at(at), time_at(end)});
    if (ends_sentence(token) || end - segment >= kSegmentLetters) {
      transcript.segments.push_back({text.substr(segment, end - segment), time_at(segment), time_at(end)});
      segment = end;
    }
    at = end;
  }
  // What is left belongs to a segment of its own, unless it is only white space.
  const std::string_view rest = text.substr(segment);
  if (transcript.segments.empty() || !std::all_of(rest.begin(), rest.end(), is_space)) {
    transcript.segments.push_back({rest, time_at(segment), transcript.duration});
    return;
  }
  TranscriptSegment& last = transcript.segments.back();
  last = {text.substr(segment - last.text.size()), last.start, transcript.duration};
}

}  // namespace

Milliseconds audio_duration(std::string_view audio) {
  std::int64_t bytes_per_second = kBytesPerMs * 1000;
  auto bytes = static_cast<std::int64_t>(audio.size());
  const auto format = find_chunk(wav_chunks(audio), "fmt ");
  const auto data = find_chunk(wav_chunks(audio), "data");
  if (format && format->size() >= 16 && data && little(*format, 8) > 0) {
    bytes_per_second = little(*format, 8);
    bytes = static_cast<std::int64_t>(data->size());
  }
  return std::min(Milliseconds(bytes * 1000 / bytes_per_second), kLongest);
}

Transcript make_transcript(std::string_view text, Milliseconds duration) {
  Transcript transcript;
  transcript.duration = duration;
  transcript.letters.assign(text.begin(), text.end());
  divide(transcript);
  return transcript;
}

Transcript transcribe(std::string_view audio, std::uint64_t seed) {
  const Milliseconds duration = audio_duration(audio);
  return make_transcript(heard(audio, duration, seed), duration);
}

}  // namespace mimus::server
