// The three audio endpoints, each with input that is fine and input that is not.
#include <fstream>

#include "server/base64.h"
#include "server/encode/golden_file.h"
#include "server/endpoints/app_desk.h"
#include "server/synth/speech.h"

namespace mimus::server {
namespace {

constexpr const char* kSpeech = "/v1/audio/speech";
constexpr const char* kTranscriptions = "/v1/audio/transcriptions";
constexpr const char* kTranslations = "/v1/audio/translations";

std::string speech(const std::string& more = "") {
  return R"({"model":"gpt-4o-mini-tts","voice":"alloy","input":"Hello there, bird.")" + more + "}";
}

TEST(SpeechEndpoint, HasTheBytesAndTheTypeOfItsFormat) {
  AppDesk desk;
  const struct {
    std::string format;
    std::string type;
    std::string start;
  } rows[] = {{"", "audio/mpeg", "\xFF"},       {"mp3", "audio/mpeg", "\xFF"},  {"opus", "audio/opus", "OggS"},
              {"aac", "audio/aac", "\xFF\xF1"}, {"flac", "audio/flac", "fLaC"}, {"wav", "audio/wav", "RIFF"},
              {"pcm", "audio/pcm", ""}};
  for (const auto& row : rows) {
    const Answered answer =
        desk.post(kSpeech, speech(row.format.empty() ? "" : R"(,"response_format":")" + row.format + "\""));
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.header("content-type"), row.type);
    EXPECT_TRUE(answer.body.starts_with(row.start)) << row.format;
    EXPECT_GT(answer.body.size(), 250u) << row.format;
  }
}

TEST(SpeechEndpoint, IsTheSameForTheSameAndLastsAsLongAsItsSpeedSays) {
  AppDesk desk;
  const auto pcm = [&](const std::string& more) {
    return desk.post(kSpeech, speech(R"(,"response_format":"pcm")" + more)).body;
  };
  EXPECT_EQ(pcm(""), pcm(""));
  EXPECT_EQ(pcm(R"(,"speed":0.5)").size(), 2 * pcm("").size());
  EXPECT_EQ(pcm(R"(,"speed":1)"), pcm(""));
  EXPECT_NE(pcm(R"(,"instructions":"Whisper.")"), pcm(""));
  const std::string echo =
      desk.post(kSpeech, R"({"model":"tts-1","voice":"echo","input":"Hi","response_format":"pcm"})").body;
  EXPECT_NE(echo, desk.post(kSpeech, R"({"model":"tts-1","voice":"nova","input":"Hi","response_format":"pcm"})").body);
  EXPECT_EQ(desk.post(kSpeech, R"({"model":"tts-1","voice":{"id":"voice_1"},"input":"Hi"})").status, 400);
  EXPECT_EQ(desk.post(kSpeech, R"({"model":"gpt-4o-mini-tts","voice":{"id":"voice_1"},"input":"Hi"})").status, 200);
}

TEST(SpeechEndpoint, StreamsTheSameBytesAsEvents) {
  AppDesk desk;
  const std::string whole = desk.post(kSpeech, speech(R"(,"response_format":"wav")")).body;
  const Answered answer = desk.post(kSpeech, speech(R"(,"response_format":"wav","stream_format":"sse")"));
  EXPECT_EQ(answer.header("content-type"), "text/event-stream; charset=utf-8");
  std::string bytes;
  std::string last;
  std::string_view rest = answer.body;
  while (!rest.empty()) {
    const auto event = parse_json(rest.substr(6, rest.find("\n\n") - 6));
    ASSERT_TRUE(event);
    last = event->root().find("type").string_or("");
    bytes += decode_base64(event->root().find("audio").string_or("")).value_or("not base64");
    rest.remove_prefix(rest.find("\n\n") + 2);
  }
  EXPECT_EQ(bytes, whole);
  EXPECT_EQ(last, "speech.audio.done");
  EXPECT_NE(answer.body.find(R"("usage":{"input_tokens":5,"output_tokens":)"), std::string::npos)
      << answer.body.substr(answer.body.size() - 200);
}

TEST(SpeechEndpoint, RefusesWhatTheApiRefuses) {
  AppDesk desk;
  const auto with = [](const std::string& member) { return speech("," + member); };
  expect_refused(desk, kSpeech,
                 {{R"({"voice":"alloy","input":"x"})", 400, "null", "null"},
                  {R"({"model":"tts-1","voice":"alloy"})", 400, "missing_required_parameter", "input"},
                  {R"({"model":"tts-1","input":"x"})", 400, "missing_required_parameter", "voice"},
                  {R"({"model":"tts-1","voice":"alloy","input":""})", 400, "empty_string", "input"},
                  {R"({"model":"tts-1","voice":"alloy","input":")" + std::string(4097, 'x') + "\"}", 400,
                   "string_above_max_length", "input"},
                  {R"({"model":"tts-1","voice":"alloy","input":5})", 400, "invalid_type", "input"},
                  {R"({"model":"tts-1","voice":"siri","input":"x"})", 400, "invalid_value", "voice"},
                  {R"({"model":"tts-1","voice":"cedar","input":"x"})", 400, "unsupported_value", "voice"},
                  {R"({"model":"tts-1","voice":{},"input":"x"})", 400, "missing_required_parameter", "voice.id"},
                  {R"({"model":"tts-1","voice":"alloy","input":"x","stream_format":"sse"})", 400, "unsupported_value",
                   "stream_format"},
                  {R"({"model":"tts-9","voice":"alloy","input":"x"})", 404, "model_not_found", "null"},
                  {R"({"model":"gpt-4o","voice":"alloy","input":"x"})", 404, "null", "model"},
                  {with(R"("speed":4.5)"), 400, "decimal_above_max_value", "speed"},
                  {with(R"("speed":0.2)"), 400, "decimal_below_min_value", "speed"},
                  {with(R"("response_format":"midi")"), 400, "invalid_value", "response_format"},
                  {with(R"("stream":true)"), 400, "unknown_parameter", "stream"},
                  {"{", 400, "null", "null"},
                  {"", 400, "null", "null"}});
}

// A form with a file and these fields.
struct Field {
  std::string name;
  std::string value;
};

std::string part(const std::string& head, const std::string& body) {
  return "--edge\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + body + "\r\n";
}

std::string form(const std::vector<Field>& fields, const std::string& audio, const std::string& filename = "a.wav") {
  std::string body;
  for (const Field& field : fields) body += part("name=\"" + field.name + "\"", field.value);
  body += part("name=\"file\"; filename=\"" + filename + "\"\r\nContent-Type: application/octet-stream", audio);
  return body + "--edge--\r\n";
}

std::string wav(std::size_t milliseconds, std::string_view text) {
  return encode_speech(std::vector<std::int16_t>(milliseconds * kSpeechRate / 1000), SpeechFormat::Wav, text);
}

class AudioTranscripts : public testing::Test {
 protected:
  Answered send(const std::vector<Field>& fields, const std::string& path = kTranscriptions) {
    return desk_.ask("POST", path, form(fields, audio_), "multipart/form-data; boundary=edge");
  }
  AppDesk desk_;
  std::string audio_ = wav(2'500, "Hello there. How are you?");
};

TEST_F(AudioTranscripts, HaveTheShapeOfTheirFormat) {
  const struct {
    std::string format;
    std::string type;
    std::string body;
  } rows[] = {
      {"json", "application/json", R"({"text":"Hello there. How are you?","usage":{"type":"duration","seconds":3}})"},
      {"text", "text/plain; charset=utf-8", "Hello there. How are you?\n"},
      {"srt", "text/plain; charset=utf-8",
       "1\n00:00:00,000 --> 00:00:01,200\nHello there.\n\n2\n00:00:01,200 --> 00:00:02,500\nHow are you?\n\n"},
      {"vtt", "text/plain; charset=utf-8",
       "WEBVTT\n\n00:00:00.000 --> 00:00:01.200\nHello there.\n\n00:00:01.200 --> 00:00:02.500\nHow are you?\n\n"},
  };
  for (const auto& row : rows) {
    const Answered answer = send({{"model", "whisper-1"}, {"response_format", row.format}});
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.header("content-type"), row.type);
    EXPECT_EQ(answer.body, row.body);
  }
  EXPECT_EQ(send({{"model", "whisper-1"}}).body, rows[0].body);
}

TEST_F(AudioTranscripts, BillTokensWhereTheModelDoes) {
  const Answered answer = send({{"model", "gpt-4o-transcribe"}, {"prompt", "bird talk"}, {"include[]", "logprobs"}});
  EXPECT_EQ(answer.at("/usage"), R"({"type":"tokens","input_tokens":27,"input_token_details":{"text_tokens":2,)"
                                 R"("audio_tokens":25},"output_tokens":7,"total_tokens":34})");
  EXPECT_EQ(answer.at("/logprobs/0/token"), "Hello");
  EXPECT_EQ(answer.at("/logprobs/0/bytes"), "[72,101,108,108,111]");
  EXPECT_EQ(answer.at("/logprobs/6/token"), "?");
  EXPECT_EQ(send({{"model", "gpt-4o-transcribe"}}).at("/logprobs"), "missing");
}

TEST_F(AudioTranscripts, TellTheTimesThatAreAskedFor) {
  const std::vector<Field> base = {{"model", "whisper-1"}, {"response_format", "verbose_json"}};
  const auto with = [&](std::vector<Field> more) {
    more.insert(more.begin(), base.begin(), base.end());
    return send(more);
  };
  const Answered plain = with({});
  EXPECT_EQ(plain.at("/task"), "transcribe");
  EXPECT_EQ(plain.at("/language"), "english");
  EXPECT_EQ(plain.at("/duration"), "2.5");
  EXPECT_EQ(plain.at("/segments/1/start"), "1.2");
  EXPECT_EQ(plain.at("/words"), "missing");
  const Answered words = with({{"timestamp_granularities[]", "word"}, {"language", "de"}, {"temperature", "0.4"}});
  EXPECT_EQ(words.at("/words/3/word"), "are");
  EXPECT_EQ(words.at("/segments"), "missing");
  EXPECT_EQ(words.at("/language"), "german");
  const Answered both =
      with({{"timestamp_granularities", "word"}, {"timestamp_granularities", "segment"}, {"temperature", "0.4"}});
  EXPECT_EQ(both.at("/words/0/start"), "0.0");
  EXPECT_EQ(both.at("/segments/0/temperature"), "0.4");
}

TEST_F(AudioTranscripts, StreamAsTheGoldenFileHasThem) {
  const Answered answer = send({{"model", "gpt-4o-mini-transcribe"}, {"stream", "true"}, {"include[]", "logprobs"}});
  EXPECT_EQ(answer.header("content-type"), "text/event-stream; charset=utf-8");
  expect_golden("audio/transcript.sse", answer.body);
  const Answered ignored = send({{"model", "whisper-1"}, {"stream", "true"}});
  EXPECT_EQ(ignored.header("content-type"), "application/json");
}

TEST_F(AudioTranscripts, OfTranslationsAreEnglish) {
  const Answered json = send({{"model", "whisper-1"}}, kTranslations);
  EXPECT_EQ(json.body, R"({"text":"Hello there. How are you?"})");
  const Answered verbose = send({{"model", "whisper-1"}, {"response_format", "verbose_json"}}, kTranslations);
  EXPECT_EQ(verbose.at("/task"), "translate");
  EXPECT_EQ(verbose.at("/language"), "english");
  EXPECT_EQ(verbose.body.find("usage"), std::string::npos);
}

TEST_F(AudioTranscripts, OfSpeechAreItsText) {
  audio_ =
      desk_.post(kSpeech, R"({"model":"tts-1","voice":"nova","input":"Say it again.","response_format":"wav"})").body;
  EXPECT_EQ(send({{"model", "whisper-1"}}).at("/text"), "Say it again.");
}

struct BadForm {
  std::vector<Field> fields;
  int status;
  std::string code;
  std::string param;
};

TEST_F(AudioTranscripts, RefuseWhatTheApiRefuses) {
  const Field model{"model", "whisper-1"};
  const BadForm rows[] = {
      {{}, 400, "null", "null"},
      {{{"model", ""}}, 400, "null", "null"},
      {{{"model", "whisper-9"}}, 404, "model_not_found", "null"},
      {{{"model", "gpt-4o"}}, 404, "null", "model"},
      {{model, {"response_format", "xml"}}, 400, "invalid_value", "response_format"},
      {{model, {"response_format", "diarized_json"}}, 400, "unsupported_value", "response_format"},
      {{model, {"temperature", "hot"}}, 400, "invalid_type", "temperature"},
      {{model, {"temperature", "1.5"}}, 400, "decimal_above_max_value", "temperature"},
      {{model, {"stream", "maybe"}}, 400, "invalid_type", "stream"},
      {{model, {"include[]", "logprobs"}}, 400, "unsupported_parameter", "include"},
      {{model, {"include[]", "words"}}, 400, "invalid_value", "include[0]"},
      {{model, {"timestamp_granularities[]", "word"}}, 400, "unsupported_value", "timestamp_granularities"},
      {{model, {"timestamp_granularities[]", "hour"}}, 400, "invalid_value", "timestamp_granularities[0]"},
      {{model, {"chunking_strategy", "manual"}}, 400, "invalid_value", "chunking_strategy"},
      {{model, {"voice", "alloy"}}, 400, "unknown_parameter", "voice"},
      {{model, {"prompt", "\xff"}}, 400, "null", "null"},
  };
  for (const BadForm& row : rows) {
    const Answered answer = send(row.fields);
    const std::string shown = row.fields.empty() ? "no model" : row.fields.back().name + "=" + row.fields.back().value;
    EXPECT_EQ(answer.status, row.status) << shown << answer.body;
    EXPECT_EQ(answer.at("/error/code"), row.code) << shown << answer.body;
    EXPECT_EQ(answer.at("/error/param"), row.param) << shown << answer.body;
  }
  const Answered format = send({{"model", "gpt-4o-transcribe"}, {"response_format", "verbose_json"}});
  EXPECT_EQ(
      format.at("/error/message"),
      "response_format 'verbose_json' is not compatible with model 'gpt-4o-transcribe'. Use 'json' or 'text' instead.");
  EXPECT_EQ(send({{"model", "gpt-4o-transcribe"}}, kTranslations).status, 404);
  EXPECT_EQ(send({{"model", "whisper-1"}, {"language", "en"}}, kTranslations).at("/error/code"), "unknown_parameter");
}

TEST_F(AudioTranscripts, RefuseFilesThatAreNoAudio) {
  const std::string formats =
      "Invalid file format. Supported formats: ['flac', 'm4a', 'mp3', 'mp4', 'mpeg', 'mpga', 'oga', 'ogg', 'wav', "
      "'webm']";
  const std::string is_short = "Audio file is too short. Minimum audio length is 0.1 seconds.";
  const struct {
    std::string audio;
    std::string filename;
    int status;
    std::string message;
  } rows[] = {
      {audio_, "a.txt", 400, formats},
      {audio_, "a", 400, formats},
      {audio_, "", 400, formats},
      {"not a sound", "a.wav", 400, formats},
      {"", "a.mp3", 400, is_short},
      {wav(99, ""), "a.wav", 400, is_short},
      {std::string(26'214'401, 'x'), "a.wav", 413,
       "413: Maximum content size limit (26214400) exceeded (26214401 bytes read)"},
      {wav(100, "x"), "A.WAV", 200, "missing"},
      {"ID3 whatever", "a.mp3", 200, "missing"},
  };
  for (const auto& row : rows) {
    const Answered answer = desk_.ask("POST", kTranscriptions, form({{"model", "whisper-1"}}, row.audio, row.filename),
                                      "multipart/form-data; boundary=edge");
    EXPECT_EQ(answer.status, row.status) << row.filename << answer.body;
    EXPECT_EQ(answer.at("/error/message"), row.message) << row.filename;
  }
}

TEST_F(AudioTranscripts, RefuseWhatIsNoForm) {
  const struct {
    std::string body;
    std::string type;
    std::string code;
    std::string param;
  } rows[] = {
      {R"({"model":"whisper-1"})", "application/json", "unsupported_content_type", "null"},
      {form({{"model", "whisper-1"}}, audio_), "multipart/form-data", "null", "null"},
      {form({{"model", "whisper-1"}}, audio_), "multipart/form-data; boundary=other", "null", "null"},
      {form({{"model", "whisper-1"}}, audio_).substr(0, 500), "multipart/form-data; boundary=edge", "null", "null"},
      {part("name=\"model\"", "whisper-1") + "--edge--\r\n", "multipart/form-data; boundary=edge",
       "missing_required_parameter", "file"},
      {"", "multipart/form-data; boundary=edge", "null", "null"},
  };
  for (const auto& row : rows) {
    const Answered answer = desk_.ask("POST", kTranscriptions, row.body, row.type);
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_EQ(answer.at("/error/code"), row.code) << answer.body;
    EXPECT_EQ(answer.at("/error/param"), row.param) << answer.body;
  }
}

TEST(AudioScript, HearsWhatFixturesSay) {
  const std::string file = testing::TempDir() + "/audio_" + std::to_string(::getpid()) + ".json";
  std::ofstream(file) << R"({"mimus":1,"fixtures":[
    {"when":{"endpoint":"audio.transcriptions","json":{"/file/filename":"a.wav"}},"reply":{"text":"From a fixture."}},
    {"when":{"endpoint":"audio.speech","last_user":"bytes"},"reply":{"raw":{"body_base64":"AAECAw=="},
      "headers":{"content-type":"audio/wav"}}},
    {"when":{"endpoint":"audio.speech","last_user":"busy"},"reply":{"error":"overloaded"}}]})";
  AppOptions options;
  options.fixtures = {file};
  AppDesk desk(options);
  const std::string type = "multipart/form-data; boundary=edge";
  const Answered heard = desk.ask("POST", kTranscriptions, form({{"model", "whisper-1"}}, wav(500, "")), type);
  EXPECT_EQ(heard.at("/text"), "From a fixture.");
  const auto say = [](const std::string& input) {
    return R"({"model":"tts-1","voice":"nova","input":")" + input + "\"}";
  };
  EXPECT_EQ(desk.post(kSpeech, say("bytes")).body, std::string("\0\1\2\3", 4));
  EXPECT_EQ(desk.post(kSpeech, say("busy")).status, 503);
  EXPECT_EQ(desk.ask("POST", kTranscriptions, form({{"model", "whisper-1;status=429"}}, wav(500, "")), type).status,
            429);
  desk.more_headers = {{"x-mimus", "fault=cut:after_chunks=1"}};
  EXPECT_EQ(
      desk.post(kSpeech, R"({"model":"tts-1","voice":"nova","input":"Hello","response_format":"pcm"})").body.size(),
      14'400u);
  std::remove(file.c_str());
}

}  // namespace
}  // namespace mimus::server
