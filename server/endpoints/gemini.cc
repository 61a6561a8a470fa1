#include "server/endpoints/gemini.h"

#include <optional>

#include "api/json_writer.h"
#include "server/dialect/rule_texts.h"
#include "server/encode/gemini_body.h"
#include "server/encode/make_delivery.h"
#include "server/endpoints/gemini_parse.h"
#include "server/endpoints/gemini_request.h"
#include "server/endpoints/query.h"
#include "server/endpoints/refuse.h"
#include "server/endpoints/scripted.h"
#include "server/ids.h"
#include "server/pace/schedule.h"
#include "server/synth/digest.h"
#include "server/synth/prose.h"
#include "server/synth/standing.h"
#include "server/synth/synthesise.h"
#include "server/tokens.h"

namespace mimus::server {
namespace {

constexpr std::string_view kJsonType = "application/json; charset=UTF-8";
constexpr std::int64_t kThoughtTokens = 24;

Delivery make_google_json(std::string body) {
  Delivery delivery = make_json(200, std::move(body));
  delivery.headers.front().value = kJsonType;
  return delivery;
}

Delivery refuse_with(const ApiError& error, const Exchange& exchange) {
  return deliver_error(error, exchange.dialect, exchange.endpoint.error_form);
}

// A schema that no value satisfies, or that asks for what mimus cannot build.
ApiError unservable(const Error& error) {
  const bool is_format = error.where.starts_with("response_format");
  return invalid_argument("* GenerateContentRequest." +
                          std::string(is_format ? "generation_config.response_schema" : "tools") + ": " + error.text() +
                          "\n");
}

// Thoughts are only for those who ask. A fixture's are counted either way; without a fixture there is a short one.
void think(Reply& reply, const GeminiRequest& request, bool is_scripted, std::uint64_t digest) {
  const Topics topics = standing_of(request.call).topics;
  std::uint64_t index = 0;
  for (Choice& choice : reply.choices) {
    if (request.shows_thoughts && !is_scripted && choice.tool_calls.empty()) {
      choice.reasoning =
          prose(Digest(digest).add("thought").add(static_cast<std::int64_t>(index++)).value(), topics, kThoughtTokens);
      reply.usage.completion_tokens += count_tokens(choice.reasoning);
    }
    if (reply.usage.reasoning_tokens == 0 || !is_scripted) {
      reply.usage.reasoning_tokens += count_tokens(choice.reasoning);
    }
    if (!request.shows_thoughts) choice.reasoning.clear();
  }
}

// `"Red"` as Red.
void strip_quotes(Reply& reply) {
  for (Choice& choice : reply.choices) {
    const auto value = parse_json(choice.text);
    if (value && value->root().is_string()) choice.text = std::string(value->root().as_string());
  }
}

// The framing that ?alt= asks for; nothing for a value that the API does not know.
std::optional<GeminiFraming> framing_of(std::string_view query) {
  const std::string alt = find_query(query, "alt").value_or("json");
  if (alt == "sse") return GeminiFraming::Events;
  return alt == "json" ? std::optional(GeminiFraming::Array) : std::nullopt;
}

Delivery stream(const GeminiFrame& frame, Reply reply, const StreamOptions& options, GeminiFraming framing) {
  auto frames = make_gemini_stream(frame, std::move(reply), options, framing);
  Delivery delivery = make_event_stream(std::move(frames), options.pace.ttft);
  delivery.headers.front().value = framing == GeminiFraming::Events ? "text/event-stream" : kJsonType;
  return delivery;
}

Delivery say(const Services& services, GeminiRequest& request, const Script& script, std::uint64_t digest,
             std::optional<GeminiFraming> framing, const Exchange& exchange) {
  const bool is_scripted = script.choices != nullptr;
  auto reply = plan_reply(request.call, script, digest);
  if (!reply) return refuse_with(unservable(reply.error()), exchange);
  think(*reply, request, is_scripted, digest);
  if (request.is_bare_value) strip_quotes(*reply);
  const Ids ids = services.ids.next(digest);
  const GeminiFrame frame{ids.make(IdKind::GeminiResponse), request.call.snapshot};
  Delivery delivery;
  if (framing) {
    delivery = stream(frame, std::move(*reply), {.pace = script.pace, .seed = ids.seed()}, *framing);
  } else {
    delivery = make_google_json(encode_gemini(frame, *reply));
    delivery.head_due = whole_due(script.pace, ids.seed(), reply->usage.completion_tokens);
  }
  return delivery;
}

Delivery count(const GeminiRequest& request, const Script& script) {
  const std::int64_t tokens = prompt_tokens(request.call);
  std::string out;
  JsonWriter json(out);
  json.object().member("totalTokens", tokens).key("promptTokensDetails").array().object();
  json.member("modality", "TEXT").member("tokenCount", tokens).end_object().end_array().end_object();
  Delivery delivery = make_google_json(std::move(out));
  delivery.head_due = script.pace.ttft;
  return delivery;
}

// The way through fixtures and directives; `build` makes the reply.
Delivery answer(const Exchange& exchange, const Services& services, const GeminiRequest& request, std::uint64_t digest,
                const BuildReply& build) {
  const Question question = question_of(request.call, exchange.http.headers);
  const ScriptedRequest scripted{question, split_model(exchange.path_values.front().second).directives, digest,
                                 errors_of(exchange.dialect, exchange.endpoint.error_form)};
  return answer_scripted(exchange, services, scripted, build);
}

Delivery generate(const Exchange& exchange, const Services& services, std::optional<GeminiFraming> framing) {
  auto request = read_gemini_request(exchange);
  if (!request) return refuse_with(request.error(), exchange);
  request->call.stream = framing.has_value();
  const std::uint64_t digest = digest_of(request->call, services.seed);
  return answer(exchange, services, *request, digest,
                [&](const Script& script) { return say(services, *request, script, digest, framing, exchange); });
}

}  // namespace

Delivery answer_gemini_generate(const Exchange& exchange, const Services& services) {
  return generate(exchange, services, std::nullopt);
}

Delivery answer_gemini_stream(const Exchange& exchange, const Services& services) {
  const auto framing = framing_of(exchange.http.query);
  if (!framing) {
    const std::string alt = echo(find_query(exchange.http.query, "alt").value_or(""));
    return refuse_with(invalid_argument("Invalid value \"" + alt + "\" for query parameter \"alt\"."), exchange);
  }
  return generate(exchange, services, framing);
}

Delivery answer_gemini_count(const Exchange& exchange, const Services& services) {
  const auto request = read_gemini_count(exchange);
  if (!request) return refuse_with(request.error(), exchange);
  return answer(exchange, services, *request, digest_of(request->call, services.seed),
                [&](const Script& script) { return count(*request, script); });
}

}  // namespace mimus::server
