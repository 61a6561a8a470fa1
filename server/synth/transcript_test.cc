#include "server/synth/transcript.h"

#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "api/json.h"
#include "server/synth/speech.h"
#include "server/synth/transcript_text.h"

namespace mimus::server {
namespace {

std::string wav(std::size_t seconds, std::string_view comment = "") {
  return encode_speech(std::vector<std::int16_t>(seconds * kSpeechRate), SpeechFormat::Wav, comment);
}

TEST(Transcript, LastsAsLongAsTheRecording) {
  using std::string_literals::operator""s;
  std::string torn = wav(10);
  torn.resize(44 + 48'000);  // a second of ten arrived
  std::string unseekable = wav(3);
  for (std::size_t i = 40; i < 44; ++i) unseekable[i] = '\xff';
  std::string rateless = wav(2);
  for (std::size_t i = 28; i < 32; ++i) rateless[i] = '\0';
  struct Row {
    std::string audio;
    std::int64_t milliseconds;
  };
  const Row rows[] = {{wav(10), 10'000},
                      {wav(0), 0},
                      {torn, 1'000},
                      {unseekable, 3'000},
                      {rateless, 96'044 / 16},
                      {"", 0},
                      {"RIFF", 0},
                      {"RIFF\x01\x02\x03\x04WAVE"s, 0},
                      {std::string(16'000, 'x'), 1'000},
                      {"RIFF----WAVEfmt \xff\xff\xff\xff"s, 1}};
  for (const Row& row : rows) EXPECT_EQ(audio_duration(row.audio).count(), row.milliseconds);
}

TEST(Transcript, SaysAHundredAndFiftyWordsAMinute) {
  const Transcript transcript = transcribe(wav(60), 1);
  EXPECT_GT(transcript.words.size(), 110u);
  EXPECT_LT(transcript.words.size(), 170u);
  EXPECT_TRUE(transcript.text().ends_with('.'));
  EXPECT_GE(transcribe("", 1).words.size(), 1u);
}

TEST(Transcript, DependsOnTheBytesAndTheSeed) {
  const std::string audio(60'000, 'x');
  std::string other = audio;
  other.back() = 'y';
  EXPECT_EQ(transcribe(audio, 1).text(), transcribe(audio, 1).text());
  EXPECT_NE(transcribe(audio, 1).text(), transcribe(other, 1).text());
  EXPECT_NE(transcribe(audio, 1).text(), transcribe(audio, 2).text());
}

TEST(Transcript, TakesTheCommentOfARecordingAtItsWord) {
  EXPECT_EQ(transcribe(wav(1, "What a test wants to read."), 1).text(), "What a test wants to read.");
  EXPECT_NE(transcribe(wav(1, "\xff\xff"), 1).text(), "\xff\xff");
}

TEST(Transcript, CoversTheWholeTimeWithWordsAndSegments) {
  const std::string comments[] = {"", "One. Two! Three? (four), \"five\" -- six", std::string(1'000, 'x'), " . ", "a"};
  for (const std::string& comment : comments) {
    const Transcript transcript = transcribe(wav(30, comment), 1);
    std::string text;
    Milliseconds at{0};
    for (const TranscriptSegment& segment : transcript.segments) {
      EXPECT_EQ(segment.start, at);
      EXPECT_GE(segment.end, segment.start);
      at = segment.end;
      text += segment.text;
    }
    EXPECT_EQ(at, transcript.duration) << comment;
    EXPECT_EQ(text, transcript.text());
    Milliseconds before{0};
    for (const TranscriptWord& word : transcript.words) {
      EXPECT_GE(word.start, before);
      EXPECT_GE(word.end, word.start);
      EXPECT_LE(word.end, transcript.duration);
      EXPECT_EQ(word.word.find_first_of(" .,\"()"), std::string::npos) << word.word;
      before = word.end;
    }
  }
}

TEST(Transcript, StaysReadableWhenMoved) {
  Transcript first = transcribe(wav(5), 1);
  const std::string word(first.words[0].word);
  const Transcript second = std::move(first);
  EXPECT_EQ(second.words[0].word, word);
}

TEST(TranscriptText, HasTheShapeOfEachFormat) {
  const Transcript transcript = transcribe(wav(4, "One two. Three --> four\nfive."), 1);
  std::string verbose = transcript_verbose(transcript, {.task = "translate", .with_words = true});
  std::string all = transcript_plain(transcript) + "---\n" + transcript_srt(transcript) + "---\n" +
                    transcript_vtt(transcript) + "---\n" + verbose + "\n";
  std::ifstream golden(std::string(MIMUS_SOURCE_DIR) + "/fixtures/golden/media/transcript.txt");
  EXPECT_EQ(all, std::string(std::istreambuf_iterator<char>(golden), {}));
  const auto json = parse_json(verbose);
  ASSERT_TRUE(json);
  EXPECT_EQ(json->root().find_pointer("/usage/seconds").as_int(), 4);
  EXPECT_EQ(json->root().find_pointer("/words/0/word").as_string(), "One");
  EXPECT_FALSE(parse_json(transcript_verbose(transcript, {.with_segments = false}))->root().find("segments"));
}

TEST(TranscriptText, CountsHours) {
  Transcript transcript;
  transcript.segments.push_back({"late", std::chrono::hours(1) + Milliseconds(61'007), std::chrono::hours(23)});
  EXPECT_EQ(transcript_srt(transcript), "1\n01:01:01,007 --> 23:00:00,000\nlate\n\n");
}

}  // namespace
}  // namespace mimus::server
