#include "server/endpoints/completions.h"

#include "server/encode/completion_body.h"
#include "server/encode/completion_stream.h"
#include "server/encode/make_delivery.h"
#include "server/endpoints/completion_request.h"
#include "server/endpoints/content_type.h"
#include "server/endpoints/refuse.h"
#include "server/endpoints/scripted.h"
#include "server/ids.h"
#include "server/match/render.h"
#include "server/pace/schedule.h"
#include "server/synth/digest.h"
#include "server/synth/logprobs.h"
#include "server/synth/synthesise.h"

namespace mimus::server {
namespace {

// Puts the prompt in front of a choice, with its log probabilities. (The real API gives null for the very first token.)
void echo_prompt(const std::string& prompt, const Call& call, std::uint64_t digest, Choice& choice) {
  choice.text.insert(0, prompt);
  if (!call.logprobs) return;
  std::vector<TokenLogprob> all = make_logprobs(digest, prompt, call.top_logprobs);
  all.insert(all.end(), std::make_move_iterator(choice.logprobs.begin()),
             std::make_move_iterator(choice.logprobs.end()));
  choice.logprobs = std::move(all);
}

// A legacy choice is a text and nothing else: a refusal is said as one, and calls of tools are not said.
void make_plain(Choice& choice) {
  if (choice.text.empty() && choice.refusal) choice.text = *choice.refusal;
  const bool has_plain_finish = choice.finish == FinishReason::Length || choice.finish == FinishReason::ContentFilter;
  if (!has_plain_finish) choice.finish = FinishReason::Stop;
}

// One reply for all prompts: the choices of the first, then of the second ...
Result<Reply> reply_to(const CompletionRequest& request, const Script& script, std::uint64_t seed) {
  Reply reply;
  Call call = request.call;
  for (const CompletionPrompt& prompt : request.prompts) {
    call.messages.assign(1, Message());
    call.messages.front().text = prompt.text;
    auto one = plan_reply(call, script, digest_of(call, seed));
    if (!one) return one.error();
    for (Choice& choice : one->choices) {
      if (script.directives.echo && script.choices == nullptr) choice.text = prompt.text;
      make_plain(choice);
      if (request.echo) echo_prompt(prompt.text, call, Digest(seed).add(prompt.text).value(), choice);
      reply.choices.push_back(std::move(choice));
    }
    reply.usage.prompt_tokens += prompt.tokens;
    reply.usage.completion_tokens += one->usage.completion_tokens;
  }
  if (script.choices != nullptr) reply.usage = overlay(script.choices->usage, reply.usage);
  return reply;
}

std::uint64_t digest_of_prompts(const CompletionRequest& request, std::uint64_t seed) {
  Digest digest(seed);
  digest.add("completions").add(request.call.model).add(request.call.seed.value_or(0));
  for (const CompletionPrompt& prompt : request.prompts) digest.add(prompt.text);
  return digest.value();
}

Delivery say(const CompletionRequest& request, const Exchange& exchange, const Services& services, const Script& script,
             std::uint64_t digest) {
  const Dialect& dialect = exchange.dialect;
  auto reply = reply_to(request, script, services.seed);
  if (!reply) return refuse({"server_error", {{"request_id", std::string(exchange.request_id)}}}, dialect);
  note_tokens(exchange.notes, reply->usage.prompt_tokens, reply->usage.completion_tokens);
  const Call& call = request.call;
  const Ids ids = services.ids.next(digest);
  const ChatFrame frame{ids.make(IdKind::Completion),
                        services.clock.epoch_seconds(),
                        call.snapshot,
                        "",
                        system_fingerprint(call.snapshot),
                        dialect.style};
  if (call.stream) {
    const StreamOptions options{call.include_usage, call.include_obfuscation && dialect.style.obfuscation, script.pace,
                                ids.seed()};
    return make_event_stream(make_completion_stream(frame, std::move(*reply), options), script.pace.ttft);
  }
  Delivery delivery = make_json(200, encode_completion(frame, *reply));
  delivery.head_due = whole_due(script.pace, ids.seed(), reply->usage.completion_tokens);
  return delivery;
}

}  // namespace

Delivery answer_completions(const Exchange& exchange, const Services& services) {
  const Dialect& dialect = exchange.dialect;
  if (const auto refusal = check_json_content_type(exchange.http.header("content-type"))) {
    return refuse(*refusal, dialect);
  }
  const auto request = read_completion_request(exchange.http.body, dialect, exchange.endpoint);
  if (!request) return refuse(request.error(), dialect);
  const Json body = request->call.body->root();
  const Question question =
      question_of(request->call.operation, request->call.model, request->call.stream, body, exchange.http.headers);
  const std::string_view directives = split_model(body.find("model").string_or("")).directives;
  const std::uint64_t digest = digest_of_prompts(*request, services.seed);
  return answer_scripted(exchange, services, {question, directives, digest, dialect_errors(dialect)},
                         [&](const Script& script) { return say(*request, exchange, services, script, digest); });
}

}  // namespace mimus::server
