// Containers that hold the samples themselves: raw, WAV, FLAC.
#include <algorithm>
#include <array>

#include "server/synth/audio_container.h"
#include "server/synth/speech.h"

namespace mimus::server {
namespace {

void append_little(std::uint32_t value, int bytes, std::string& out) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
}

void append_big(std::uint64_t value, int bytes, std::string& out) {
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 0xff);
}

void append_samples(const std::vector<std::int16_t>& samples, std::string& out) {
  for (const std::int16_t sample : samples) append_little(static_cast<std::uint16_t>(sample), 2, out);
}

// CRC with the given polynomial, first bit first, over `bytes` (RFC 9639, 9.1.8 and 9.3).
std::uint32_t crc(std::string_view bytes, std::uint32_t polynomial, int width) {
  std::array<std::uint32_t, 256> table{};
  const std::uint32_t top = 1U << (width - 1);
  const std::uint32_t mask = (top << 1) - 1;
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t value = i << (width - 8);
    for (int bit = 0; bit < 8; ++bit) value = (value & top) != 0 ? value << 1 ^ polynomial : value << 1;
    table[i] = value & mask;
  }
  std::uint32_t value = 0;
  for (const char c : bytes) {
    value = (value << 8 ^ table[(value >> (width - 8) ^ static_cast<unsigned char>(c)) & 0xff]) & mask;
  }
  return value;
}

// The frame number in FLAC's extended UTF-8; up to 16 bits are needed for ten minutes.
void append_number(std::uint32_t number, std::string& out) {
  if (number < 0x80) {
    out += static_cast<char>(number);
  } else if (number < 0x800) {
    out += static_cast<char>(0xc0 | number >> 6);
    out += static_cast<char>(0x80 | (number & 0x3f));
  } else {
    out += static_cast<char>(0xe0 | number >> 12);
    out += static_cast<char>(0x80 | (number >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (number & 0x3f));
  }
}

constexpr std::size_t kFlacBlock = 4096;

void append_flac_frame(const std::int16_t* samples, std::size_t count, std::uint32_t number, std::string& out) {
  const std::size_t start = out.size();
  append_big(0xfff8, 2, out);  // sync, blocks of fixed size
  append_big(0x77, 1, out);    // 16-bit block size follows; 24 kHz
  append_big(0x08, 1, out);    // mono, 16 bits
  append_number(number, out);
  append_big(count - 1, 2, out);
  append_big(crc(std::string_view(out).substr(start), 0x07, 8), 1, out);
  append_big(0x02, 1, out);  // a verbatim subframe
  for (std::size_t i = 0; i < count; ++i) append_big(static_cast<std::uint16_t>(samples[i]), 2, out);
  append_big(crc(std::string_view(out).substr(start), 0x8005, 16), 2, out);
}

}  // namespace

std::string make_pcm(const std::vector<std::int16_t>& samples) {
  std::string out;
  out.reserve(samples.size() * 2);
  append_samples(samples, out);
  return out;
}

std::string make_wav(const std::vector<std::int16_t>& samples, std::string_view comment) {
  const auto data_size = static_cast<std::uint32_t>(samples.size() * 2);
  std::string info;
  if (!comment.empty()) {
    const auto size = static_cast<std::uint32_t>(comment.size() + 1);  // with the zero at its end
    info = "LIST";
    append_little(4 + 8 + size + (size & 1), 4, info);
    info += "INFOICMT";
    append_little(size, 4, info);
    info += comment;
    info.append(1 + (size & 1), '\0');  // chunks begin at even places
  }
  std::string out = "RIFF";
  out.reserve(44 + data_size + info.size());
  append_little(static_cast<std::uint32_t>(36 + data_size + info.size()), 4, out);
  out += "WAVEfmt ";
  append_little(16, 4, out);
  append_little(1, 2, out);  // PCM
  append_little(1, 2, out);  // mono
  append_little(kSpeechRate, 4, out);
  append_little(kSpeechRate * 2, 4, out);
  append_little(2, 2, out);
  append_little(16, 2, out);
  out += "data";
  append_little(data_size, 4, out);
  append_samples(samples, out);
  return out + info;
}

std::string make_flac(const std::vector<std::int16_t>& samples) {
  std::string out = "fLaC";
  out.reserve(64 + samples.size() * 2 + samples.size() / kFlacBlock * 16);
  append_big(0x80, 1, out);  // the only block of metadata: STREAMINFO
  append_big(34, 3, out);
  append_big(kFlacBlock, 2, out);
  append_big(kFlacBlock, 2, out);
  append_big(0, 6, out);  // frame sizes unknown
  append_big(std::uint64_t{kSpeechRate} << 44 | std::uint64_t{15} << 36 | samples.size(), 8, out);
  out.append(16, '\0');  // MD5 unknown
  std::uint32_t number = 0;
  for (std::size_t at = 0; at < samples.size(); at += kFlacBlock) {
    append_flac_frame(samples.data() + at, std::min(kFlacBlock, samples.size() - at), number++, out);
  }
  return out;
}

}  // namespace mimus::server
