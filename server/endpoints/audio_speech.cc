#include "server/endpoints/audio_speech.h"

#include "server/encode/audio_stream.h"
#include "server/encode/make_delivery.h"
#include "server/endpoints/model_choice.h"
#include "server/endpoints/refuse.h"
#include "server/endpoints/scripted_body.h"
#include "server/synth/digest.h"
#include "server/synth/speech.h"
#include "server/tokens.h"

namespace mimus::server {
namespace {

constexpr std::size_t kSamplesPerToken = kSpeechRate / 20;  // of the estimate of what the audio costs

// Voice, instructions and model change the sound, the format only how it is written.
std::uint64_t voice_of(Json body, const ModelChoice& choice, std::uint64_t seed) {
  const Json voice = body.find("voice");
  Digest digest(seed);
  digest.add(choice.snapshot).add(voice.find("id").string_or(voice.string_or("")));
  return digest.add(body.find("instructions").string_or("")).value();
}

Delivery speak_body(Json body, std::uint64_t voice, const Script& script) {
  const std::string_view text = body.find("input").as_string();
  const SpeechFormat format =
      find_speech_format(body.find("response_format").string_or("mp3")).value_or(SpeechFormat::Mp3);
  const auto samples = speak(text, body.find("speed").double_or(1), voice);
  const bool as_events = body.find("stream_format").string_or("audio") == "sse";
  AudioUsage usage;
  usage.text_tokens = count_tokens(text) + count_tokens(body.find("instructions").string_or(""));
  usage.output_tokens = static_cast<std::int64_t>((samples.size() + kSamplesPerToken - 1) / kSamplesPerToken);
  auto frames =
      make_speech_stream(encode_speech(samples, format, text), as_events ? SpeechFraming::Events : SpeechFraming::Audio,
                         usage, {.pace = script.pace, .seed = voice});
  Delivery delivery = make_event_stream(std::move(frames), script.pace.ttft);
  note_tokens(script.notes, usage.text_tokens, usage.output_tokens);
  if (!as_events) delivery.headers = {{"content-type", std::string(content_type_of(format))}};
  return delivery;
}

}  // namespace

Delivery answer_audio_speech(const Exchange& exchange, const Services& services) {
  const Dialect& dialect = exchange.dialect;
  const auto request = read_model_request(exchange);
  if (!request) return refuse(request.error(), dialect);
  const Json body = request->document->root();
  const ModelChoice& choice = request->choice;

  const std::uint64_t voice = voice_of(body, choice, services.seed);
  return answer_scripted_body(exchange, services, body, choice.name,
                              [&](const Script& script) { return speak_body(body, voice, script); });
}

}  // namespace mimus::server
