#include "server/endpoints/chat.h"

#include <algorithm>

#include "server/encode/chat_body.h"
#include "server/encode/chat_stream.h"
#include "server/encode/make_delivery.h"
#include "server/endpoints/chat_request.h"
#include "server/endpoints/content_type.h"
#include "server/endpoints/refuse.h"
#include "server/endpoints/scripted.h"
#include "server/endpoints/stored_completions.h"
#include "server/ids.h"
#include "server/pace/schedule.h"
#include "server/synth/synthesise.h"

namespace mimus::server {
namespace {

// What the reply shows for the tier that was asked for. Source: OpenAI API reference, service_tier.
std::string tier_shown(const std::string& asked) {
  if (asked.empty() || asked == "auto") return "default";
  return asked == "fast" ? "priority" : asked;
}

ChatFrame frame_of(const Call& call, const Dialect& dialect, const Clock& clock, const Ids& ids) {
  return {ids.make(IdKind::ChatCompletion),  clock.epoch_seconds(), call.snapshot, tier_shown(call.service_tier),
          system_fingerprint(call.snapshot), dialect.style};
}

// Ids of calls belong to this sighting of the request, while everything else in a reply belongs to the question.
void name_tool_calls(Reply& reply, const Ids& ids, bool legacy) {
  if (legacy) return;
  std::uint64_t index = 0;
  for (Choice& choice : reply.choices) {
    for (ToolCall& call : choice.tool_calls) {
      if (call.id.empty()) call.id = ids.make(IdKind::ToolCall, index++);
    }
  }
}

// A schema that no value satisfies, or that asks for what mimus cannot build.
Refusal unservable(const Call& call, const Error& error) {
  if (error.where.starts_with("response_format")) {
    return {"response_format_schema", {{"name", call.format.name}, {"reason", error.text()}}};
  }
  return {"function_schema", {{"param", error.where}, {"name", ""}, {"reason", error.text()}}};
}

// Counting tokens costs more than all other checks together, and a text never has more tokens than bytes.
std::optional<Refusal> too_long(const Call& call, const Exchange& exchange) {
  const Model* model = exchange.dialect.find_model(call.model);
  if (model == nullptr || !model->context_tokens) return std::nullopt;
  const auto bytes = static_cast<std::int64_t>(exchange.http.body.size());
  const bool has_media = std::any_of(call.messages.begin(), call.messages.end(),
                                     [](const Message& m) { return m.images + m.audios + m.files > 0; });
  if (!has_media && bytes + call.max_tokens.value_or(0) < *model->context_tokens) return std::nullopt;
  return check_context(call, model, prompt_tokens(call));
}

Delivery say(const Exchange& exchange, const Services& services, const Call& call, Result<Reply> reply,
             const Pace& pace, std::uint64_t digest) {
  const Dialect& dialect = exchange.dialect;
  if (!reply) return refuse(unservable(call, reply.error()), dialect);
  const Ids ids = services.ids.next(digest);
  name_tool_calls(*reply, ids, call.legacy_functions);
  const ChatFrame frame = frame_of(call, dialect, services.clock, ids);
  remember_completion(exchange, services, call, frame, *reply);
  if (call.stream) {
    const StreamOptions options{call.include_usage, call.include_obfuscation && dialect.style.obfuscation, pace,
                                ids.seed()};
    return make_event_stream(make_chat_stream(frame, std::move(*reply), options), pace.ttft);
  }
  Delivery delivery = make_json(200, encode_chat(frame, *reply));
  delivery.head_due = whole_due(pace, ids.seed(), reply->usage.completion_tokens);
  return delivery;
}

}  // namespace

Delivery answer_chat(const Exchange& exchange, const Services& services) {
  const Dialect& dialect = exchange.dialect;
  if (const auto refusal = check_json_content_type(exchange.http.header("content-type")))
    return refuse(*refusal, dialect);
  auto call = read_chat_request(exchange.http.body, dialect, exchange.endpoint);
  if (!call) return refuse(call.error(), dialect);
  if (const auto refusal = too_long(*call, exchange)) return refuse(*refusal, dialect);
  const std::uint64_t digest = digest_of(*call, services.seed);
  const Question question = question_of(*call, exchange.http.headers);
  const std::string_view model = call->body->root().find("model").as_string();
  return answer_scripted(exchange, services, {question, split_model(model).directives, digest, dialect_errors(dialect)},
                         [&](const Script& script) {
                           return say(exchange, services, *call, plan_reply(*call, script, digest), script.pace,
                                      digest);
                         });
}

}  // namespace mimus::server
