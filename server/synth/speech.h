// Speech without a voice: a pattern of tones, one for each word, as long as it takes to say the text.
// wav, pcm and flac carry the tones. mp3, aac and opus are valid streams of silence of the same length, because mimus
// has no encoder for them: players and duration readers accept them, but there is nothing to hear.
// A WAV also carries the text itself (INFO chunk, comment), so that a transcription of it can give the text back.
// Pure and thread-safe. Sources: RIFF/WAVE; RFC 9639 (FLAC); ISO 11172-3 and 13818-3 (MP3 frames); ISO 14496-3 (ADTS);
// RFC 7845 (Ogg Opus).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mimus::server {

inline constexpr int kSpeechRate = 24'000;  // samples a second, 16 bits, mono: what the real API gives as pcm

enum class SpeechFormat { Mp3, Opus, Aac, Flac, Wav, Pcm };
std::optional<SpeechFormat> find_speech_format(std::string_view name);  // "mp3"
std::string_view content_type_of(SpeechFormat format);                  // "audio/mpeg"

// The samples: 60 ms for a character at speed 1, at least 60 ms, at most ten minutes. `speed` > 0 divides the length.
// `seed` is the voice: it shifts all tones.
std::vector<std::int16_t> speak(std::string_view text, double speed, std::uint64_t seed);

// The bytes of `samples` in `format`; `text` is what they say.
std::string encode_speech(const std::vector<std::int16_t>& samples, SpeechFormat format, std::string_view text);

}  // namespace mimus::server
