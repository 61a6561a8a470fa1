#include "server/synth/speech.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "server/synth/digest.h"
#include "server/synth/transcript.h"

namespace mimus::server {
namespace {

constexpr std::string_view kText = "Hello there, general reader.";

std::string speech(SpeechFormat format, std::string_view text = kText) {
  return encode_speech(speak(text, 1, 3), format, text);
}

std::uint32_t little(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

std::uint64_t big(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

TEST(Speech, LastsAsLongAsTheTextTakesAtItsSpeed) {
  EXPECT_EQ(speak("0123456789", 1, 0).size(), 24'000u * 6 / 10);
  EXPECT_EQ(speak("0123456789", 2, 0).size(), 24'000u * 3 / 10);
  EXPECT_EQ(speak("01234 6789", 0.25, 0).size(), 24'000u * 24 / 10);
  EXPECT_EQ(speak("", 1, 0).size(), 24'000u * 6 / 100);
  EXPECT_EQ(speak(std::string(100'000, ' '), 1, 0).size(), 24'000u * 600);
}

TEST(Speech, CanBeHeardInEveryWordAndIsStillBetweenThem) {
  const auto samples = speak("aaa bbb", 1, 0);
  const auto loudest = [&](std::size_t from, std::size_t to) {
    int most = 0;
    for (std::size_t i = from * 1'440; i < to * 1'440; ++i) most = std::max(most, std::abs(int{samples[i]}));
    return most;
  };
  EXPECT_GT(loudest(0, 3), 5'000);
  EXPECT_EQ(loudest(3, 4), 0);
  EXPECT_GT(loudest(4, 7), 5'000);
  EXPECT_NE(speak("aaa", 1, 0), speak("bbb", 1, 0));
  EXPECT_NE(speak("aaa", 1, 0), speak("aaa", 1, 5));  // another voice
}

TEST(Speech, WritesAWavThatSaysWhatItIs) {
  const std::string wav = speech(SpeechFormat::Wav);
  const std::size_t samples = kText.size() * 1'440;
  EXPECT_TRUE(wav.starts_with("RIFF"));
  EXPECT_EQ(little(wav, 4, 4), wav.size() - 8);
  EXPECT_EQ(wav.substr(8, 8), "WAVEfmt ");
  EXPECT_EQ(little(wav, 20, 2), 1u);       // PCM
  EXPECT_EQ(little(wav, 22, 2), 1u);       // mono
  EXPECT_EQ(little(wav, 24, 4), 24'000u);  // a second
  EXPECT_EQ(little(wav, 28, 4), 48'000u);
  EXPECT_EQ(little(wav, 34, 2), 16u);
  EXPECT_EQ(wav.substr(36, 4), "data");
  EXPECT_EQ(little(wav, 40, 4), samples * 2);
  EXPECT_EQ(wav.size() % 2, 0u);
  EXPECT_EQ(wav.substr(44, samples * 2), speech(SpeechFormat::Pcm));
}

TEST(Speech, WritesSamplesLittleEndian) {
  EXPECT_EQ(encode_speech({1, -2, 0x1234}, SpeechFormat::Pcm, ""), std::string("\x01\x00\xfe\xff\x34\x12", 6));
}

TEST(Speech, ComesBackAsItsText) {
  for (const std::string& text :
       {std::string(kText), std::string("odd"), std::string("even"), std::string("\u00fcber")}) {
    EXPECT_EQ(transcribe(speech(SpeechFormat::Wav, text), 0).text(), text);
  }
}

// The checksums of FLAC bit by bit, as RFC 9639 defines them; the encoder works with tables.
std::uint32_t crc(std::string_view bytes, std::uint32_t polynomial, unsigned width) {
  std::uint32_t value = 0;
  for (const char c : bytes) {
    for (int bit = 7; bit >= 0; --bit) {
      const std::uint32_t in = static_cast<unsigned char>(c) >> bit & 1;
      const std::uint32_t out = value >> (width - 1) & 1;
      value = (value << 1 & ((1ULL << width) - 1)) ^ (in != out ? polynomial : 0);
    }
  }
  return value;
}

TEST(Speech, WritesAFlacWhoseFramesAddUp) {
  const std::vector<std::int16_t> samples = speak(std::string(400, 'x'), 1, 0);
  const std::string flac = encode_speech(samples, SpeechFormat::Flac, "");
  ASSERT_EQ(flac.substr(0, 4), "fLaC");
  ASSERT_EQ(big(flac, 4, 4), 0x80000022u);
  const std::uint64_t info = big(flac, 18, 8);
  EXPECT_EQ(info >> 44, 24'000u);
  EXPECT_EQ(info & 0xfffffffffULL, samples.size());
  std::vector<std::int16_t> read;
  std::uint64_t frame = 0;
  for (std::size_t at = 42; at < flac.size(); ++frame) {
    ASSERT_EQ(big(flac, at, 4), 0xfff87708u);
    const std::size_t coded = frame < 0x80 ? 1 : 2;
    const std::uint64_t number =
        coded == 1 ? big(flac, at + 4, 1) : (big(flac, at + 4, 1) & 0x1f) << 6 | (big(flac, at + 5, 1) & 0x3f);
    ASSERT_EQ(number, frame);
    const std::size_t count = big(flac, at + 4 + coded, 2) + 1;
    ASSERT_EQ(big(flac, at + 6 + coded, 1), crc(std::string_view(flac).substr(at, 6 + coded), 0x07, 8));
    ASSERT_EQ(big(flac, at + 7 + coded, 1), 0x02u);
    const std::size_t body = at + 8 + coded;
    for (std::size_t i = 0; i < count; ++i) read.push_back(static_cast<std::int16_t>(big(flac, body + 2 * i, 2)));
    const std::size_t end = body + 2 * count;
    ASSERT_EQ(big(flac, end, 2), crc(std::string_view(flac).substr(at, end - at), 0x8005, 16));
    at = end + 2;
  }
  EXPECT_GT(frame, 0x80u);  // so that both lengths of a frame number were seen
  EXPECT_EQ(read, samples);
}

TEST(Speech, FillsMp3AndAacWithWholeFramesOfTheSameLength) {
  const std::size_t samples = kText.size() * 1'440;
  const std::string mp3 = speech(SpeechFormat::Mp3);
  const std::string aac = speech(SpeechFormat::Aac);
  EXPECT_EQ(mp3.size() % 96, 0u);
  EXPECT_EQ(aac.size() % 11, 0u);
  EXPECT_EQ(mp3.size() / 96, (samples + 575) / 576);
  EXPECT_EQ(aac.size() / 11, (samples + 1'023) / 1'024);
  for (std::size_t at = 0; at < mp3.size(); at += 96) ASSERT_EQ(big(mp3, at, 4), 0xfff344c0u);
  for (std::size_t at = 0; at < aac.size(); at += 11) {
    ASSERT_EQ(big(aac, at, 2), 0xfff1u);
    ASSERT_EQ(big(aac, at + 3, 3) >> 5 & 0x1fff, 11u);  // the frame's own length
  }
}

TEST(Speech, WritesOggPagesThatAddUp) {
  const std::string ogg = speech(SpeechFormat::Opus);
  std::uint32_t page = 0;
  std::uint64_t packets = 0;
  for (std::size_t at = 0; at < ogg.size(); ++page) {
    ASSERT_EQ(ogg.substr(at, 4), "OggS");
    ASSERT_EQ(little(ogg, at + 18, 4), page);
    const std::size_t count = static_cast<unsigned char>(ogg[at + 26]);
    std::size_t size = 27 + count;
    for (std::size_t i = 0; i < count; ++i) size += static_cast<unsigned char>(ogg[at + 27 + i]);
    std::string blank = ogg.substr(at, size);
    std::fill_n(blank.begin() + 22, 4, '\0');
    std::uint32_t sum = 0;
    for (const char c : blank) {
      sum ^= std::uint32_t{static_cast<unsigned char>(c)} << 24;
      for (int bit = 0; bit < 8; ++bit) sum = (sum & 0x80000000U) != 0 ? sum << 1 ^ 0x04c11db7U : sum << 1;
    }
    EXPECT_EQ(little(ogg, at + 22, 4), sum);
    if (page >= 2) {
      packets += count;
      EXPECT_EQ(little(ogg, at + 6, 4), packets * 960);
    }
    at += size;
    EXPECT_EQ((ogg[at - size + 5] & 4) != 0, at == ogg.size());  // the last page says so
  }
  EXPECT_EQ(ogg.substr(28, 8), "OpusHead");
  EXPECT_EQ(packets, (kText.size() * 1'440 + 479) / 480);
}

TEST(Speech, KnowsItsFormatsByName) {
  EXPECT_EQ(find_speech_format("mp3"), SpeechFormat::Mp3);
  EXPECT_EQ(find_speech_format("wav"), SpeechFormat::Wav);
  EXPECT_EQ(find_speech_format("midi"), std::nullopt);
  EXPECT_EQ(content_type_of(SpeechFormat::Mp3), "audio/mpeg");
  EXPECT_EQ(content_type_of(SpeechFormat::Pcm), "audio/pcm");
}

TEST(Speech, IsTheSameOnEveryPlatform) {
  std::string text;
  for (const char* name : {"mp3", "opus", "aac", "flac", "wav", "pcm"}) {
    text += std::string(name) + " " + std::to_string(Digest(0).add(speech(*find_speech_format(name))).value()) + "\n";
  }
  std::ifstream golden(std::string(MIMUS_SOURCE_DIR) + "/fixtures/golden/media/speech.txt");
  EXPECT_EQ(text, std::string(std::istreambuf_iterator<char>(golden), {}));
}

}  // namespace
}  // namespace mimus::server
