// The bytes of audio files: samples of kSpeechRate, mono, in containers that need no encoder, and silence in those that
// would. Only speech uses this. Pure and thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mimus::server {

// Little-endian, as raw as they are.
std::string make_pcm(const std::vector<std::int16_t>& samples);

// RIFF with a 44-byte head, as simple readers expect; `comment`, unless empty, stands in an INFO chunk behind the
// samples.
std::string make_wav(const std::vector<std::int16_t>& samples, std::string_view comment);

// Verbatim frames: valid, whole, but not compressed.
std::string make_flac(const std::vector<std::int16_t>& samples);

// At least as many samples of silence, to the next whole frame.
std::string silent_mp3(std::size_t samples);   // MPEG-2 layer III, 24 kHz mono, 32 kbit/s
std::string silent_aac(std::size_t samples);   // AAC-LC in ADTS, 24 kHz mono
std::string silent_opus(std::size_t samples);  // Ogg Opus, packets of 20 ms

}  // namespace mimus::server
