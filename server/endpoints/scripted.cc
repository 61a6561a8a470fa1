#include "server/endpoints/scripted.h"

#include "server/encode/error_body.h"
#include "server/encode/make_delivery.h"
#include "server/endpoints/raw_reply.h"
#include "server/endpoints/sample_args.h"
#include "server/match/miss.h"
#include "server/match/render.h"
#include "server/pace/fault.h"
#include "server/record/recorded_when.h"
#include "server/scripting.h"
#include "server/synth/synthesise.h"
#include "server/tokens.h"

namespace mimus::server {
namespace {

constexpr std::string_view kDirectivesHeader = "x-mimus";

// An error of mimus itself, in the shape of the dialect: the caller's code sees what it knows.
ApiError own_error(int status, std::string code, std::string message, std::optional<std::string> param = {}) {
  return {status, std::move(message), "invalid_request_error", std::move(param), std::move(code), {}};
}

Result<Directives, ApiError> read_directives(const ScriptedRequest& request, const HttpRequest& http,
                                             const Vocabulary& vocabulary) {
  auto behind_model = parse_directives(request.model_directives, vocabulary);
  if (!behind_model) {
    return own_error(400, "wrong_directive", "Behind the model's name: " + behind_model.error().text(), "model");
  }
  auto in_header = parse_directives(http.header(kDirectivesHeader), vocabulary);
  if (!in_header) return own_error(400, "wrong_directive", "In the header x-mimus: " + in_header.error().text());
  return merged(std::move(*behind_model), *in_header);
}

Pace paced(Pace pace, const Directives& directives, Duration delay) {
  pace.ttft = directives.ttft.value_or(pace.ttft) + delay;
  pace.token = directives.token.value_or(pace.token);
  pace.jitter = directives.jitter.value_or(pace.jitter);
  pace.chunk_tokens = directives.chunk_tokens.value_or(pace.chunk_tokens);
  return pace;
}

// The row of the error table that speaks for a status that was asked for by number.
std::string_view situation_for(int status) {
  switch (status) {
    case 401:
      return "invalid_api_key";
    case 403:
      return "permission_denied";
    case 404:
      return "model_not_found";
    case 408:
      return "request_timeout";
    case 413:
      return "body_too_large";
    case 429:
      return "rate_limited_requests";
    case 503:
      return "overloaded";
    default:
      return status >= 500 ? "server_error" : "invalid_value";
  }
}

std::optional<ApiError> error_asked_for(const Directives& directives, const Exchange& exchange,
                                        const Question& question) {
  if (!directives.status && directives.error.empty()) return std::nullopt;
  const std::string_view situation =
      directives.error.empty() ? situation_for(*directives.status) : std::string_view(directives.error);
  ApiError error = exchange.dialect.error_in(exchange.endpoint.error_form, situation,
                                             sample_args(question.model, exchange.request_id));
  if (directives.status) error.status = *directives.status;
  return error;
}

Delivery with_faults(Delivery delivery, const Directives& directives, const ErrorShape& errors, const ApiError& error,
                     std::uint64_t seed) {
  const FaultContext context{[event = errors.event, error](std::int64_t sequence) { return event(error, sequence); },
                             seed};
  for (const std::string& text : directives.faults) {
    const auto fault = read_fault(text);  // was checked when the directive was read
    if (fault) delivery = apply_fault(*fault, std::move(delivery), context);
  }
  return delivery;
}

ApiError missed(const Matcher& matcher, const Question& question, std::string_view test, Scripting& scripting) {
  const Miss miss = explain_miss(matcher, question, scripting.states, test, scripting.shows_prompts);
  scripting.log.warn(text_of(miss, question));
  return own_error(404, "no_fixture_matches", text_of(miss, question));
}

class Answering {
 public:
  Answering(const Exchange& exchange, const Services& services, const ScriptedRequest& request)
      : exchange_(exchange),
        services_(services),
        request_(request),
        scripting_(services.scripting),
        test_name_(exchange.http.header(kTestHeader)),
        test_(test_key(test_name_, exchange.api_key)) {}

  Delivery run(const BuildReply& build) {
    auto asked = read_directives(request_, exchange_.http, scripting_.vocabulary);
    if (!asked) return request_.errors.whole(asked.error());
    const auto matcher = scripting_.store.snapshot();
    std::optional<Chosen> chosen;
    if (!matcher->ranked().empty()) chosen = choose(*matcher, request_.question, scripting_.states, test_);
    note(chosen);
    if (!chosen && scripting_.relays && exchange_.notes != nullptr && asked->is_empty()) return leave_to_relay();
    if (!chosen && scripting_.is_strict) {
      return request_.errors.whole(missed(*matcher, request_.question, test_, scripting_));
    }
    if (chosen) scripting_.store.count_hit(chosen->fixture->id);
    if (chosen && chosen->reply == nullptr) {
      return request_.errors.whole(
          own_error(404, "script_ended", "The replies of fixture " + title_of(*chosen->fixture) + " are used up."));
    }
    Directives directives = chosen ? merged(chosen->reply->directives, *asked) : std::move(*asked);
    if (exchange_.notes != nullptr) exchange_.notes->deviations = directives.deviations;
    return reply(chosen, std::move(directives), build);
  }

 private:
  // App asks the real API; what is returned here goes nowhere. Who gives directives wants mimus to answer.
  Delivery leave_to_relay() {
    exchange_.notes->script = Notes::Script::Relayed;
    exchange_.notes->when = recorded_when(request_.question);
    return {};
  }

  void note(const std::optional<Chosen>& chosen) {
    if (exchange_.notes == nullptr) return;
    Notes& notes = *exchange_.notes;
    notes.model = request_.question.model;
    notes.stream = request_.question.stream;
    notes.script = scripting_.is_strict ? Notes::Script::Missed : Notes::Script::Synthesised;
    if (!chosen) return;
    notes.script = chosen->reply == nullptr ? Notes::Script::Ended : Notes::Script::Matched;
    notes.fixture = chosen->fixture;
    notes.nth = chosen->nth;
  }

  Delivery reply(const std::optional<Chosen>& chosen, Directives directives, const BuildReply& build) {
    const States no_states;
    const TemplateContext context{request_.question, chosen ? chosen->states : no_states, test_name_,
                                  chosen ? chosen->nth : 1, services_.clock.now()};
    const ScriptedReply* scripted = chosen ? chosen->reply : nullptr;
    const Duration delay = scripted != nullptr ? scripted->delay : Duration(0);
    Delivery delivery;
    if (auto error = error_now(directives, scripted, context)) {
      delivery = request_.errors.whole(*error);
      delivery.head_due += delay;
    } else if (const auto* raw = scripted != nullptr ? std::get_if<ScriptedRaw>(&scripted->content) : nullptr) {
      delivery = raw_reply(*raw, context);
      delivery.head_due += delay;
    } else {
      delivery = build(script_of(scripted, context, directives, delay));
    }
    if (scripted != nullptr) lay_over(delivery.headers, render_headers(*scripted, context));
    if (directives.faults.empty()) return delivery;
    return with_faults(std::move(delivery), directives, request_.errors, error_of("server_error"), request_.digest);
  }

  // An error that is due now: of the directives, as often as they say, or of the fixture.
  std::optional<ApiError> error_now(const Directives& directives, const ScriptedReply* scripted,
                                    const TemplateContext& context) {
    if (auto error = error_asked_for(directives, exchange_, request_.question)) {
      if (!directives.first) return error;
      const std::uint64_t seen = scripting_.states.count_request(test_, request_.digest);
      if (seen <= static_cast<std::uint64_t>(*directives.first)) return error;
    }
    const auto* of_fixture = scripted != nullptr ? std::get_if<ScriptedError>(&scripted->content) : nullptr;
    if (of_fixture == nullptr) return std::nullopt;
    const std::string situation = of_fixture->situation.empty() ? "server_error" : of_fixture->situation;
    return render_error(*of_fixture, error_of(situation), context);
  }

  [[nodiscard]] ApiError error_of(std::string_view situation) const {
    return exchange_.dialect.error_in(exchange_.endpoint.error_form, situation,
                                      sample_args(request_.question.model, exchange_.request_id));
  }

  Script script_of(const ScriptedReply* scripted, const TemplateContext& context, const Directives& directives,
                   Duration delay) {
    Script script;
    script.context = &context;
    script.notes = exchange_.notes;
    script.directives = directives;
    script.pace = paced(services_.pace, directives, delay);
    if (scripted == nullptr) return script;
    script.choices = std::get_if<ScriptedChoices>(&scripted->content);
    script.embeddings = std::get_if<ScriptedEmbeddings>(&scripted->content);
    script.images = std::get_if<ScriptedImages>(&scripted->content);
    return script;
  }

  const Exchange& exchange_;
  const Services& services_;
  const ScriptedRequest& request_;
  Scripting& scripting_;
  std::string_view test_name_;
  std::string test_;
};

std::int64_t tokens_of(const Choice& choice) {
  std::int64_t tokens =
      count_tokens(choice.text) + count_tokens(choice.reasoning) + count_tokens(choice.refusal.value_or(""));
  for (const ToolCall& call : choice.tool_calls) tokens += count_tokens(call.name) + count_tokens(call.arguments);
  return tokens;
}

}  // namespace

ErrorShape dialect_errors(const Dialect& dialect) {
  return {[&dialect](const ApiError& error) { return make_error(error, dialect.error_members); },
          [&dialect](const ApiError& error, std::int64_t) { return encode_error_event(error, dialect.error_members); }};
}

ErrorShape errors_of(const Dialect& dialect, ErrorForm form) {
  if (form == ErrorForm::Members) return dialect_errors(dialect);
  return {make_google_error, [](const ApiError& error, std::int64_t) { return encode_google_error_event(error); }};
}

Delivery answer_scripted(const Exchange& exchange, const Services& services, const ScriptedRequest& request,
                         const BuildReply& build) {
  return Answering(exchange, services, request).run(build);
}

Result<Reply> plan_reply(Call& call, const Script& script, std::uint64_t digest) {
  if (script.choices == nullptr && !script.directives.echo) {
    call.tokens = script.directives.tokens;
    auto reply = synthesise(call, digest);
    if (!reply) return reply;
    note_tokens(script.notes, reply->usage.prompt_tokens, reply->usage.completion_tokens);
    for (Choice& choice : reply->choices) {
      for (ToolCall& made : choice.tool_calls) made.id.clear();  // they are to belong to this sighting of the request
    }
    return reply;
  }
  Reply reply;
  if (script.choices != nullptr) {
    reply.choices = render_choices(*script.choices, call.n, *script.context);
  } else {
    Choice echo;
    echo.text = std::string(script.context->question.last_user.value_or(""));
    reply.choices.assign(static_cast<std::size_t>(std::max(call.n, 1)), echo);
  }
  reply.usage.prompt_tokens = prompt_tokens(call);
  for (Choice& choice : reply.choices) {
    reply.usage.completion_tokens += tokens_of(choice);
    if (!call.logprobs) choice.logprobs.clear();
    if (call.legacy_functions && choice.finish == FinishReason::ToolCalls) choice.finish = FinishReason::FunctionCall;
  }
  if (script.choices != nullptr) reply.usage = overlay(script.choices->usage, reply.usage);
  note_tokens(script.notes, reply.usage.prompt_tokens, reply.usage.completion_tokens);
  return reply;
}

}  // namespace mimus::server
