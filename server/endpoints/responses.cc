#include "server/endpoints/responses.h"

#include <algorithm>
#include <utility>

#include "api/json_writer.h"
#include "server/encode/error_body.h"
#include "server/encode/make_delivery.h"
#include "server/encode/response_body.h"
#include "server/encode/response_items.h"
#include "server/encode/response_stream.h"
#include "server/endpoints/content_type.h"
#include "server/endpoints/refuse.h"
#include "server/endpoints/response_request.h"
#include "server/endpoints/scripted.h"
#include "server/ids.h"
#include "server/pace/schedule.h"
#include "server/synth/digest.h"
#include "server/synth/synthesise.h"

namespace mimus::server {
namespace {

std::int64_t epoch_seconds(WallTime time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

// What the response shows for the tier that was asked for. Source: OpenAI API reference, service_tier.
std::string tier_shown(const std::string& asked) {
  if (asked.empty() || asked == "auto") return "default";
  return asked == "fast" ? "priority" : asked;
}

// A schema that no value satisfies, or that asks for what mimus cannot build. Its place is named as in chat.
Refusal unservable(const Call& call, const Error& error) {
  if (error.where.starts_with("response_format")) {
    return {"text_format_schema", {{"name", call.format.name}, {"reason", error.text()}}};
  }
  std::string param = error.where;
  if (const auto at = param.find(".function"); at != std::string::npos) param.erase(at, sizeof(".function") - 1);
  return {"function_schema", {{"param", param}, {"name", ""}, {"reason", error.message}}};
}

// Counting tokens costs more than all other checks together, and a text never has more tokens than bytes.
std::optional<Refusal> too_long(const Call& call, const Exchange& exchange) {
  const Model* model = exchange.dialect.find_model(call.model);
  if (model == nullptr || !model->context_tokens) return std::nullopt;
  std::size_t bytes = exchange.http.body.size();
  bool has_media = false;
  for (const Message& message : call.messages) {
    bytes += message.text.size();
    has_media |= message.images + message.audios + message.files > 0;
  }
  if (!has_media && static_cast<std::int64_t>(bytes) < *model->context_tokens) return std::nullopt;
  if (call.body->root().find("truncation").string_or("") == "auto") return std::nullopt;
  if (prompt_tokens(call) <= *model->context_tokens) return std::nullopt;
  return Refusal{"context_window_exceeded", {}};
}

void name_tool_calls(Choice& choice, const Ids& ids) {
  std::uint64_t index = 0;
  for (ToolCall& call : choice.tool_calls) {
    if (call.id.empty()) call.id = ids.make(IdKind::ToolCall, index++);
  }
}

// The items of the output, as input of what continues it.
std::vector<SharedItem> output_items(const Ids& ids, const Choice& choice) {
  const std::vector<ResponseItem> items = response_items(ids, choice);
  std::vector<SharedItem> entries;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const ResponseItem& item = items[i];
    auto entry = std::make_shared<ResponseItemEntry>();
    entry->id = item.id;
    append_item(item, choice, final_state(choice, items, i), entry->json);
    entry->is_custom = item.kind == ResponseItem::Kind::CustomToolCall;
    if (item.kind != ResponseItem::Kind::Reasoning) {
      Message& message = entry->message.emplace();
      message.role = Role::Assistant;
      const bool is_call = entry->is_custom || item.kind == ResponseItem::Kind::FunctionCall;
      if (is_call) message.tool_calls.push_back(choice.tool_calls[item.call]);
      if (!is_call) message.text = text_of(item, choice);
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

ErrorShape response_errors(const Dialect& dialect) {
  ErrorShape shape = dialect_errors(dialect);
  shape.event = [](const ApiError& error, std::int64_t sequence) {
    return encode_response_error_event(error, sequence, ErrorEventShape::Nested);
  };
  return shape;
}

// One request on its way to its reply.
class Responding {
 public:
  Responding(const Exchange& exchange, const Services& services, ResponseRequest& request)
      : exchange_(exchange), services_(services), request_(request), call_(request.call) {}

  Delivery run() {
    const std::uint64_t digest = digest_of(call_, services_.seed);
    const Question question = question_of(call_, exchange_.http.headers);
    const std::string_view model = call_.body->root().find("model").string_or("");
    return answer_scripted(
        exchange_, services_, {question, split_model(model).directives, digest, response_errors(exchange_.dialect)},
        [&](const Script& script) { return say(plan_reply(call_, script, digest), script.pace, digest); });
  }

 private:
  Delivery say(Result<Reply> reply, const Pace& pace, std::uint64_t digest) {
    if (!reply) return refuse(unservable(call_, reply.error()), exchange_.dialect);
    const Ids ids = services_.ids.next(digest);
    reply->choices.resize(1);
    name_tool_calls(reply->choices.front(), ids);
    const WallTime now = services_.clock.now();
    const Duration due = whole_due(pace, ids.seed(), reply->usage.completion_tokens);
    const ResponseFrame frame = frame_of(ids, now, now + due);
    remember(frame, *reply, now + due);
    return deliver(frame, std::move(*reply), pace, due);
  }

  [[nodiscard]] Delivery deliver(const ResponseFrame& frame, Reply reply, const Pace& pace, Duration due) const {
    if (call_.stream) {
      const bool pads = call_.include_obfuscation && exchange_.dialect.style.obfuscation;
      return make_event_stream(make_response_stream(frame, std::move(reply), {false, pads, pace, frame.ids.seed()}),
                               Duration(0));
    }
    if (request_.is_background) return make_json(200, encode_pending_response(frame, PendingStatus::Queued));
    Delivery delivery = make_json(200, encode_response(frame, reply));
    delivery.head_due = due;
    return delivery;
  }

  [[nodiscard]] ResponseFrame frame_of(const Ids& ids, WallTime now, WallTime over) const {
    return {.id = ids.make(IdKind::Response),
            .ids = ids,
            .created = epoch_seconds(now),
            .completed = epoch_seconds(over),
            .model = call_.snapshot,
            .service_tier = tier_shown(call_.service_tier),
            .background = request_.is_background,
            .echo = encode_response_echo(call_.body->root())};
  }

  void remember(const ResponseFrame& frame, const Reply& reply, WallTime ready) {
    if (!request_.is_stored && request_.conversation.empty()) return;
    std::vector<SharedItem> output = output_items(frame.ids, reply.choices.front());
    ResponseState& state = services_.responses;
    state.remember(request_.input);
    state.remember(output);
    if (!request_.conversation.empty()) {
      std::vector<SharedItem> said = request_.input;
      said.insert(said.end(), output.begin(), output.end());
      state.append(request_.conversation, said);
    }
    if (!request_.is_stored) return;
    StoredResponse stored{frame, reply, std::move(request_.history), std::move(output), ready, false};
    stored.input.insert(stored.input.end(), request_.input.begin(), request_.input.end());
    const std::size_t bytes = bytes_of(stored);
    state.responses.put(frame.id, std::move(stored), bytes);
  }

  const Exchange& exchange_;
  const Services& services_;
  ResponseRequest& request_;
  Call& call_;
};

Result<ResponseRequest, Refusal> read_request(const Exchange& exchange, const Services& services) {
  if (auto refusal = check_json_content_type(exchange.http.header("content-type"))) return std::move(*refusal);
  auto request = read_response_request(
      exchange.http.body, exchange.dialect, exchange.endpoint, services.responses,
      [&](Json body) { return services.ids.next(Digest(services.seed).add("responses.input").add(body).value()); });
  if (!request) return request;
  if (auto refusal = too_long(request->call, exchange)) return std::move(*refusal);
  return request;
}

}  // namespace

Delivery answer_responses(const Exchange& exchange, const Services& services) {
  auto request = read_request(exchange, services);
  if (!request) return refuse(request.error(), exchange.dialect);
  return Responding(exchange, services, *request).run();
}

Delivery answer_responses_input_tokens(const Exchange& exchange, const Services& services) {
  const auto request = read_request(exchange, services);
  if (!request) return refuse(request.error(), exchange.dialect);
  std::string out;
  JsonWriter json(out);
  json.object().member("object", "response.input_tokens").member("input_tokens", prompt_tokens(request->call));
  json.end_object();
  return make_json(200, std::move(out));
}

}  // namespace mimus::server
