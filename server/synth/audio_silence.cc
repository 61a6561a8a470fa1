// Silence in compressed containers: a frame of it is a few fixed bytes.
#include <algorithm>
#include <array>

#include "server/synth/audio_container.h"
#include "server/synth/speech.h"

namespace mimus::server {
namespace {

std::size_t frames_for(std::size_t samples, std::size_t per_frame) {
  return std::max<std::size_t>(1, (samples + per_frame - 1) / per_frame);
}

void append_little(std::uint64_t value, int bytes, std::string& out) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
}

// The checksum of an Ogg page (RFC 3533, 6): polynomial 0x04c11db7, first bit first, starting from 0.
std::uint32_t ogg_checksum(std::string_view page) {
  static constexpr auto kTable = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
      std::uint32_t value = i << 24;
      for (int bit = 0; bit < 8; ++bit) value = (value & 0x80000000U) != 0 ? value << 1 ^ 0x04c11db7U : value << 1;
      table[i] = value;
    }
    return table;
  }();
  std::uint32_t value = 0;
  for (const char c : page) value = value << 8 ^ kTable[value >> 24 ^ static_cast<unsigned char>(c)];
  return value;
}

struct OggPage {
  int type = 0;  // 2: the first of the stream, 4: the last
  std::uint64_t granule = 0;
  std::uint32_t number = 0;
};

// A page with `count` packets, each of them `packet`, which is shorter than 255 bytes.
void append_page(const OggPage& page, std::string_view packet, std::size_t count, std::string& out) {
  const std::size_t start = out.size();
  out += "OggS";
  append_little(0, 1, out);
  append_little(static_cast<std::uint64_t>(page.type), 1, out);
  append_little(page.granule, 8, out);
  append_little(0x6d696d75, 4, out);  // the stream's number
  append_little(page.number, 4, out);
  const std::size_t checksum_at = out.size();
  append_little(0, 4, out);
  append_little(count, 1, out);
  out.append(count, static_cast<char>(packet.size()));
  for (std::size_t i = 0; i < count; ++i) out += packet;
  std::string checksum;
  append_little(ogg_checksum(std::string_view(out).substr(start)), 4, checksum);
  out.replace(checksum_at, 4, checksum);
}

}  // namespace

std::string silent_mp3(std::size_t samples) {
  constexpr std::size_t kPerFrame = 576;
  constexpr std::size_t kFrameBytes = 72 * 32'000 / kSpeechRate;
  // Sync, MPEG-2, layer III, no checksum; 32 kbit/s, 24 kHz; mono. All-zero side information: no coefficients.
  std::string frame = "\xff\xf3\x44\xc0";
  frame.resize(kFrameBytes);
  std::string out;
  for (std::size_t n = frames_for(samples, kPerFrame); n > 0; --n) out += frame;
  return out;
}

std::string silent_aac(std::size_t samples) {
  constexpr std::size_t kPerFrame = 1024;
  // ADTS: sync, MPEG-4, no checksum; LC, 24 kHz, mono; 11 bytes in all. Then one channel element without bands, and
  // END.
  constexpr std::string_view kFrame("\xff\xf1\x58\x40\x01\x7f\xfc\x00\x00\x00\x07", 11);
  std::string out;
  for (std::size_t n = frames_for(samples, kPerFrame); n > 0; --n) out += kFrame;
  return out;
}

std::string silent_opus(std::size_t samples) {
  constexpr std::size_t kPerFrame = kSpeechRate / 50;
  constexpr std::uint64_t kGranules = 960;                 // Opus counts 20 ms in samples of 48 kHz
  constexpr std::size_t kPackets = 50;                     // on a page: a second
  constexpr std::string_view kSilence("\xf8\xff\xfe", 3);  // CELT, fullband, 20 ms, mono
  std::string head = "OpusHead";
  append_little(1, 1, head);  // version
  append_little(1, 1, head);  // channels
  append_little(0, 2, head);  // nothing to skip
  append_little(kSpeechRate, 4, head);
  append_little(0, 3, head);  // no gain, the plain mapping
  std::string tags = "OpusTags";
  append_little(5, 4, tags);
  tags += "mimus";
  append_little(0, 4, tags);

  std::string out;
  append_page({2, 0, 0}, head, 1, out);
  append_page({0, 0, 1}, tags, 1, out);
  std::size_t left = frames_for(samples, kPerFrame);
  std::uint64_t done = 0;
  for (std::uint32_t number = 2; left > 0; ++number) {
    const std::size_t count = std::min(left, kPackets);
    left -= count;
    done += count;
    append_page({left == 0 ? 4 : 0, done * kGranules, number}, kSilence, count, out);
  }
  return out;
}

}  // namespace mimus::server
