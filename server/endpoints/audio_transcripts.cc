#include "server/endpoints/audio_transcripts.h"

#include <algorithm>
#include <array>

#include "api/json_writer.h"
#include "server/dialect/rule_texts.h"
#include "server/encode/audio_stream.h"
#include "server/encode/make_delivery.h"
#include "server/endpoints/audio_form.h"
#include "server/endpoints/model_choice.h"
#include "server/endpoints/refuse.h"
#include "server/endpoints/scripted.h"
#include "server/match/render.h"
#include "server/pace/schedule.h"
#include "server/synth/digest.h"
#include "server/synth/logprobs.h"
#include "server/synth/transcript.h"
#include "server/synth/transcript_text.h"
#include "server/tokens.h"

namespace mimus::server {
namespace {

constexpr std::int64_t kTokensPerSecond = 10;  // of audio, about what the API bills

struct Task {
  std::string_view name;    // in verbose_json
  bool has_usage = false;   // in json and verbose_json
  bool to_english = false;  // whatever was spoken
};
constexpr Task kTranscribe{"transcribe", true, false};
constexpr Task kTranslate{"translate", false, true};

// The formats of the model, where the one asked for is not among them.
std::optional<Refusal> check_format(Json body, const ModelChoice& choice) {
  const Json format = body.find("response_format");
  if (choice.model == nullptr || !format) return std::nullopt;
  for (const ParameterRefusal& refusal : choice.model->refuses) {
    const auto& accepted = refusal.accepted;
    if (refusal.parameter != "response_format") continue;
    if (std::find(accepted.begin(), accepted.end(), to_text(format)) != accepted.end()) continue;
    std::vector<std::string> names;
    for (const std::string& text : accepted) names.push_back(text.substr(1, text.size() - 2));
    return Refusal{"transcript_format_unsupported",
                   {{"value", echo(format)}, {"model", choice.name}, {"allowed", quoted_list(names, "or")}}};
  }
  return std::nullopt;
}

std::optional<Refusal> check_timestamps(Json body) {
  const bool asks = body.find("timestamp_granularities").size() > 0;
  const bool can_have = body.find("response_format").string_or("json") == "verbose_json";
  return asks && !can_have ? std::optional<Refusal>({"timestamps_unsupported", {}}) : std::nullopt;
}

// A model that gives no timestamps bills tokens; the others the length of the recording.
bool bills_tokens(const ModelChoice& choice) {
  if (choice.model == nullptr) return false;
  return std::any_of(choice.model->refuses.begin(), choice.model->refuses.end(), [](const ParameterRefusal& refusal) {
    const auto& accepted = refusal.accepted;
    return refusal.parameter == "response_format" &&
           std::find(accepted.begin(), accepted.end(), R"("verbose_json")") == accepted.end();
  });
}

bool lists(Json array, std::string_view name) {
  for (const Json each : array.elements()) {
    if (each.string_or("") == name) return true;
  }
  return false;
}

// The names that verbose_json uses for ISO 639-1; another code stays as it is.
std::string_view language_name(std::string_view code) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kNames = {{{"ar", "arabic"},
                                                                                     {"de", "german"},
                                                                                     {"en", "english"},
                                                                                     {"es", "spanish"},
                                                                                     {"fr", "french"},
                                                                                     {"hi", "hindi"},
                                                                                     {"it", "italian"},
                                                                                     {"ja", "japanese"},
                                                                                     {"ko", "korean"},
                                                                                     {"nl", "dutch"},
                                                                                     {"pl", "polish"},
                                                                                     {"pt", "portuguese"},
                                                                                     {"ru", "russian"},
                                                                                     {"sv", "swedish"},
                                                                                     {"tr", "turkish"},
                                                                                     {"zh", "chinese"}}};
  for (const auto& [known, name] : kNames) {
    if (known == code) return name;
  }
  return code.empty() ? "english" : code;
}

AudioUsage usage_of(const Transcript& transcript, Json body) {
  AudioUsage usage;
  usage.text_tokens = count_tokens(body.find("prompt").string_or(""));
  usage.audio_tokens = (transcript.duration.count() * kTokensPerSecond + 999) / 1000;
  usage.output_tokens = count_tokens(transcript.text());
  return usage;
}

Delivery make_text(std::string body) {
  Delivery delivery = make_json(200, std::move(body));
  delivery.headers.front().value = "text/plain; charset=utf-8";
  return delivery;
}

std::string encode_json(const Transcript& transcript, const Task& task, Json body, bool in_tokens,
                        const std::vector<TokenLogprob>& logprobs) {
  std::string out;
  JsonWriter json(out);
  json.object().member("text", transcript.text());
  std::string inner;
  if (!logprobs.empty()) {
    append_transcript_logprobs(logprobs, 0, logprobs.size(), inner);
    json.key("logprobs").raw(inner);
  }
  if (task.has_usage && in_tokens) {
    inner.clear();
    append_transcript_usage(usage_of(transcript, body), inner);
    json.key("usage").raw(inner);
  } else if (task.has_usage) {
    json.key("usage").object().member("type", "duration").member("seconds", billed_seconds(transcript)).end_object();
  }
  json.end_object();
  return out;
}

Delivery write(const Transcript& transcript, const Task& task, Json body, bool in_tokens,
               const std::vector<TokenLogprob>& logprobs) {
  const std::string_view format = body.find("response_format").string_or("json");
  if (format == "text") return make_text(transcript_plain(transcript));
  if (format == "srt") return make_text(transcript_srt(transcript));
  if (format == "vtt") return make_text(transcript_vtt(transcript));
  if (format != "verbose_json") return make_json(200, encode_json(transcript, task, body, in_tokens, logprobs));
  const Json granularities = body.find("timestamp_granularities");
  VerboseTranscript wanted;
  wanted.task = task.name;
  wanted.language = task.to_english ? "english" : language_name(body.find("language").string_or(""));
  wanted.temperature = body.find("temperature").double_or(0);
  wanted.with_usage = task.has_usage;
  wanted.with_words = lists(granularities, "word");
  wanted.with_segments = granularities.size() == 0 || lists(granularities, "segment");
  return make_json(200, transcript_verbose(transcript, wanted));
}

Transcript hear(std::string_view audio, const Script& script, std::uint64_t seed) {
  if (script.choices == nullptr) return transcribe(audio, seed);
  const auto choices = render_choices(*script.choices, 1, *script.context);
  return make_transcript(choices.front().text, audio_duration(audio));
}

Delivery say(const AudioForm& form, const Task& task, const ModelChoice& choice, const Script& script,
             std::uint64_t seed) {
  const Json body = form.body->root();
  const Transcript transcript = hear(form.audio, script, seed);
  const bool in_tokens = bills_tokens(choice);
  std::vector<TokenLogprob> logprobs;
  if (lists(body.find("include"), "logprobs")) logprobs = make_logprobs(seed, transcript.text(), 0);
  const AudioUsage usage = usage_of(transcript, body);
  Delivery delivery;
  if (body.find("stream").bool_or(false) && in_tokens) {  // where it cannot be streamed, the API ignores the wish
    delivery = make_event_stream(make_transcript_stream(std::string(transcript.text()), std::move(logprobs), usage,
                                                        {.pace = script.pace, .seed = seed}),
                                 script.pace.ttft);
  } else {
    delivery = write(transcript, task, body, in_tokens, logprobs);
    delivery.head_due = whole_due(script.pace, seed, usage.output_tokens);
  }
  note_tokens(script.notes, usage.text_tokens + usage.audio_tokens, usage.output_tokens);
  return delivery;
}

Delivery answer(const Exchange& exchange, const Services& services, const Task& task) {
  const Dialect& dialect = exchange.dialect;
  const auto form = read_audio_form(exchange.http, exchange.endpoint);
  if (!form) return refuse(form.error(), dialect);
  const Json body = form->body->root();
  auto choice = choose_model(body, dialect, exchange.endpoint);
  if (!choice && choice.error().situation.starts_with("unsupported_value")) {
    const Model* model = dialect.find_model(split_model(body.find("model").as_string()).model);
    if (auto refusal = check_format(body, {model, model->id, model->snapshot})) return refuse(*refusal, dialect);
  }
  if (!choice) return refuse(choice.error(), dialect);
  if (const auto refusal = check_timestamps(body)) return refuse(*refusal, dialect);

  const std::uint64_t seed = Digest(services.seed).add(choice->snapshot).value();
  const std::uint64_t digest = Digest(seed).add(body).add(form->audio).value();
  const Question question = question_of(exchange.endpoint.operation, choice->name, body.find("stream").bool_or(false),
                                        body, exchange.http.headers);
  const auto directives = split_model(body.find("model").as_string()).directives;
  return answer_scripted(exchange, services, {question, directives, digest, dialect_errors(dialect)},
                         [&](const Script& script) { return say(*form, task, *choice, script, seed); });
}

}  // namespace

Delivery answer_audio_transcriptions(const Exchange& exchange, const Services& services) {
  return answer(exchange, services, kTranscribe);
}

Delivery answer_audio_translations(const Exchange& exchange, const Services& services) {
  return answer(exchange, services, kTranslate);
}

}  // namespace mimus::server
