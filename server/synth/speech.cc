#include "server/synth/speech.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "server/synth/audio_container.h"
#include "server/synth/digest.h"

namespace mimus::server {
namespace {

constexpr std::size_t kSamplesPerChar = kSpeechRate * 60 / 1000;
constexpr std::size_t kMostSamples = std::size_t{kSpeechRate} * 600;
constexpr std::int32_t kLoud = 9'000;  // of 32,767

struct FormatRow {
  std::string_view name;
  std::string_view content_type;
};

// In the order of SpeechFormat.
constexpr std::array<FormatRow, 6> kFormats{{{"mp3", "audio/mpeg"},
                                             {"opus", "audio/opus"},
                                             {"aac", "audio/aac"},
                                             {"flac", "audio/flac"},
                                             {"wav", "audio/wav"},
                                             {"pcm", "audio/pcm"}}};

// A sine without libm: the parabola through its zeroes and extremes, exact in integers. `phase` is a 16-bit fraction of
// a turn; the result lies within -32768..32767.
std::int32_t wave(std::uint32_t phase) {
  const auto half = static_cast<std::int32_t>(phase & 0x7fff);
  const std::int32_t arch = half * (0x8000 - half) >> 13;  // 0..32768
  return (phase & 0x8000) != 0 ? -arch : std::min(arch, 0x7fff);
}

// One word, faded in and out so that it does not click.
void append_tone(std::size_t length, std::uint32_t hertz, std::vector<std::int16_t>& out) {
  const std::size_t fade = std::min<std::size_t>(length / 4 + 1, kSpeechRate / 100);
  const std::uint32_t step = hertz * 65'536 / kSpeechRate;
  for (std::size_t i = 0; i < length; ++i) {
    const auto edge = static_cast<std::int32_t>(std::min({i, length - i, fade}));
    const std::int32_t loud = kLoud * edge / static_cast<std::int32_t>(fade);
    out.push_back(static_cast<std::int16_t>(wave(static_cast<std::uint32_t>(i) * step & 0xffff) * loud >> 15));
  }
}

}  // namespace

std::optional<SpeechFormat> find_speech_format(std::string_view name) {
  for (std::size_t i = 0; i < kFormats.size(); ++i) {
    if (kFormats[i].name == name) return static_cast<SpeechFormat>(i);
  }
  return std::nullopt;
}

std::string_view content_type_of(SpeechFormat format) {
  return kFormats[static_cast<std::size_t>(format)].content_type;
}

std::vector<std::int16_t> speak(std::string_view text, double speed, std::uint64_t seed) {
  const double factor = speed > 0.01 ? speed : 0.01;
  const auto per_char =
      std::max<std::size_t>(1, static_cast<std::size_t>(static_cast<double>(kSamplesPerChar) / factor));
  const auto voice = static_cast<std::uint32_t>(Digest(seed).add("voice").value() % 100);
  std::vector<std::int16_t> samples;
  samples.reserve(std::min(std::max<std::size_t>(text.size(), 1) * per_char, kMostSamples));
  while (!text.empty() && samples.size() < kMostSamples) {
    const bool is_pause = text.front() == ' ' || text.front() == '\n';
    const std::size_t size = is_pause ? 1 : std::min(text.find_first_of(" \n"), text.size());
    const std::size_t length = std::min(size * per_char, kMostSamples - samples.size());
    if (is_pause) {
      samples.resize(samples.size() + length);
    } else {
      const std::uint64_t word = Digest(0).add(text.substr(0, size)).value();
      append_tone(length, 150 + voice + static_cast<std::uint32_t>(word % 250), samples);
    }
    text.remove_prefix(size);
  }
  if (samples.empty()) samples.resize(kSamplesPerChar);
  return samples;
}

std::string encode_speech(const std::vector<std::int16_t>& samples, SpeechFormat format, std::string_view text) {
  switch (format) {
    case SpeechFormat::Mp3:
      return silent_mp3(samples.size());
    case SpeechFormat::Opus:
      return silent_opus(samples.size());
    case SpeechFormat::Aac:
      return silent_aac(samples.size());
    case SpeechFormat::Flac:
      return make_flac(samples);
    case SpeechFormat::Wav:
      return make_wav(samples, text);
    case SpeechFormat::Pcm:
      break;
  }
  return make_pcm(samples);
}

}  // namespace mimus::server
