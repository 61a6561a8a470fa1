#include "server/app.h"

#include "server/auth.h"
#include "server/control/owned_request.h"
#include "server/dialect/situations.h"
#include "server/endpoints/refuse.h"
#include "server/endpoints/verbatim.h"
#include "server/journal/make_entry.h"
#include "server/pace/fault.h"
#include "server/record/forwarding.h"
#include "server/record/recorded_when.h"
#include "server/served_dialect.h"

namespace mimus::server {
namespace {

std::vector<Mount> mounts_of(const std::vector<std::unique_ptr<const Dialect>>& dialects) {
  std::vector<Mount> mounts = {{"", dialects.front().get()}};
  if (dialects.size() > 1) {
    for (const auto& dialect : dialects) mounts.push_back({"/" + dialect->name, dialect.get()});
  }
  return mounts;
}

Refusal unrouted(const HttpRequest& http, const RouteMatch& route) {
  const ErrorArgs args = {{"method", std::string(http.method)}, {"target", std::string(http.target)}};
  if (!route.allowed.empty()) return {"wrong_method", args};
  return {http.path.starts_with(route.dialect->base_path) ? "unknown_url" : "unknown_url_outside", args};
}

// The form of an error for a path that no endpoint has; a mount of several begins with the dialect's name.
ErrorForm form_of(const HttpRequest& http, const RouteMatch& route) {
  std::string_view path = http.path;
  const std::string prefix = "/" + route.dialect->name;
  if (path.starts_with(prefix + "/")) path.remove_prefix(prefix.size());
  return route.dialect->error_form_at(path);
}

// The row of the error table for what the transport refuses.
std::string_view situation_of(int status) {
  switch (status) {
    case 408:
      return "request_timeout";
    case 413:
      return "body_too_large";
    case 431:
      return "headers_too_large";
    case 503:
      return "overloaded";
    default:
      return "bad_http_request";
  }
}

std::string comma_list(const std::vector<std::string_view>& words) {
  std::string list;
  for (const std::string_view word : words) list += (list.empty() ? "" : ", ") + std::string(word);
  return list;
}

// The names that fixtures and directives may use.
Vocabulary vocabulary_of(const std::vector<std::unique_ptr<const Dialect>>& dialects, const DeliveryFilter* filter) {
  Vocabulary vocabulary;
  for (const auto& dialect : dialects) {
    for (const Endpoint& endpoint : dialect->endpoints) vocabulary.operations.push_back(endpoint.operation);
  }
  for (const Situation& situation : all_situations()) vocabulary.situations.emplace_back(situation.name);
  if (filter != nullptr) vocabulary.deviations = filter->names();
  vocabulary.fault_problem = [](std::string_view text) -> std::optional<std::string> {
    const auto fault = read_fault(text);
    return fault ? std::nullopt : std::optional<std::string>(fault.error().text());
  };
  return vocabulary;
}

Duration since(MonotonicTime start) {
  return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - start);
}

}  // namespace

Result<std::unique_ptr<App>> App::create(const AppOptions& options, Log& log) {
  std::vector<std::unique_ptr<const Dialect>> dialects;
  for (const std::string& name : options.dialects) {
    auto dialect = load_served_dialect(name);
    if (!dialect) return dialect.error();
    dialects.push_back(std::make_unique<const Dialect>(std::move(*dialect)));
  }
  std::vector<const Dialect*> views;
  for (const auto& dialect : dialects) views.push_back(dialect.get());
  auto limits = Limits::create(options.limits, views);
  if (!limits) return limits.error();
  auto app = std::unique_ptr<App>(new App(options, log, std::move(dialects), std::move(*limits)));
  auto router = Router::create(mounts_of(app->dialects_));
  if (!router) return router.error();
  app->router_ = std::move(*router);
  if (!options.record.file.empty()) {  // before the fixtures are loaded, which may be the same file
    auto relay = Relay::create(options.record, app->scripting_.vocabulary, log);
    if (!relay) return relay.error();
    app->relay_ = std::move(*relay);
    app->scripting_.relays = true;
  }
  const auto loaded = app->scripting_.store.load({options.fixtures.begin(), options.fixtures.end()});
  if (!loaded) return loaded.error();
  return app;
}

App::App(const AppOptions& options, Log& log, Dialects dialects, std::unique_ptr<Limits> limits)
    : log_(log),
      api_keys_(options.api_keys),
      dialects_(std::move(dialects)),
      clock_(options.frozen_at ? Clock::frozen(*options.frozen_at) : Clock::real()),
      scripting_(vocabulary_of(dialects_, options.filter.get()), log),
      files_(options.state),
      uploads_(options.state),
      batches_(options.state),
      completions_(options.state),
      responses_(options.state),
      limits_(std::move(limits)),
      traffic_(options.control.is_on ? options.control.journal : JournalCaps{.entries = 0}),
      filter_(options.filter),
      services_{clock_,     ids_,       files_,   uploads_,     batches_,    completions_,
                responses_, scripting_, *limits_, options.seed, options.pace},
      control_(options.control, {services_, traffic_, log}) {
  scripting_.is_strict = options.strict;
  scripting_.shows_prompts = options.show_prompts;
}

void App::handle(const HttpRequest& http, const Respond& respond) {
  if (control_.owns(http.path)) return control_.handle(http, respond);
  std::string request_id =
      Ids(services_.seed + requests_.fetch_add(1, std::memory_order_relaxed)).make(IdKind::Request);
  Notes notes;
  Delivery delivery = answer(http, request_id, notes);
  if (notes.script == Notes::Script::Relayed) return relay(http, std::move(request_id), std::move(notes), respond);
  finish(http, std::move(request_id), notes, delivery);
  if (is_filtered(notes)) delivery = filter_->apply(http, notes.deviations, std::move(delivery));
  respond(std::move(delivery));
}

bool App::is_filtered(const Notes& notes) const {
  return filter_ && (filter_->is_always_on() || !notes.deviations.empty());
}

// The answer comes later, from a thread of the relay.
void App::relay(const HttpRequest& http, std::string request_id, Notes notes, const Respond& respond) {
  const RouteMatch route = router_.find(http.method, http.path);
  RelayJob job;
  job.request = upstream_request(http, *route.dialect, *route.endpoint, relay_->url(), relay_->key());
  job.received = http.received;
  job.left = http.left;
  const auto own_key = read_key(http, route.endpoint->auth, {});
  job.secret = relay_->key().empty() && own_key ? *own_key : relay_->key();
  if (http.method != "HEAD") job.when = std::move(notes.when);  // a HEAD is matched like the GET
  job.refuse = [dialect = route.dialect, form = route.endpoint->error_form](int status, const std::string& why) {
    ApiError error = dialect->error_in(form, "server_error");
    error.status = status;
    error.message = "The request could not be relayed to " + why + ".";
    Delivery refused = deliver_error(error, *dialect, form);
    refused.common = dialect->headers;
    return refused;
  };
  job.waits = is_filtered(notes);
  const auto request = std::make_shared<const OwnedRequest>(http);  // shared: a std::function must be copyable
  job.respond = [this, request, id = std::move(request_id), kept = std::move(notes), respond](Delivery delivery) {
    finish(request->view(), id, kept, delivery);
    if (is_filtered(kept)) delivery = filter_->apply(request->view(), kept.deviations, std::move(delivery));
    respond(std::move(delivery));
  };
  relay_->start(std::move(job));
}

Delivery App::answer(const HttpRequest& http, std::string_view request_id, Notes& notes) {
  const RouteMatch route = router_.find(http.method, http.path);
  Delivery delivery = answer_route(http, route, request_id, notes);
  delivery.common = route.dialect->headers;
  if (!route.allowed.empty()) delivery.headers.push_back({"allow", comma_list(route.allowed)});
  return delivery;
}

Delivery App::answer_route(const HttpRequest& http, const RouteMatch& route, std::string_view request_id,
                           Notes& notes) {
  const Dialect& dialect = *route.dialect;
  if (route.endpoint == nullptr) return refuse(unrouted(http, route), dialect, form_of(http, route));
  notes.operation = route.endpoint->operation;
  const auto key = read_key(http, route.endpoint->auth, api_keys_);
  notes.key_refused = !key;
  if (!key) return refuse(key.error(), dialect, route.endpoint->error_form);
  if (dialect.content_type_always && http.header("content-type").empty()) {
    return refuse({"unsupported_content_type", {{"content_type", ""}}}, dialect, route.endpoint->error_form);
  }
  notes.key_hash = hash_of_key(*key);
  const Exchange exchange{http, dialect, *route.endpoint, route.values, *key, request_id, &notes};
  const Limits::Counter* counter = limits_->find(*route.endpoint);
  return counter == nullptr ? ask_endpoint(exchange, route.answer) : answer_limited(*counter, exchange, route.answer);
}

// Where the endpoint has no script, or refused before it came to it, there may still be bytes for it, or a real API.
Delivery App::ask_endpoint(const Exchange& exchange, Answer endpoint) {
  Delivery delivery = endpoint(exchange, services_);
  Notes& notes = *exchange.notes;
  if (notes.script != Notes::Script::NotAsked) return delivery;
  if (!relay_ && scripting_.store.snapshot()->ranked().empty()) return delivery;
  const PlainRequest plain(exchange);
  if (plain.has_directives()) return delivery;
  const Question question = plain.question();
  if (auto verbatim = answer_verbatim(exchange, services_, question)) return std::move(*verbatim);
  if (!relay_) return delivery;
  notes.script = Notes::Script::Relayed;
  notes.model = question.model;
  notes.stream = question.stream;
  notes.when = recorded_when(question);
  return delivery;
}

// Charged before the endpoint looks at the request, so that one that it refuses has counted; its tokens come back.
Delivery App::answer_limited(const Limits::Counter& counter, const Exchange& exchange, Answer endpoint) {
  const Limits::Admission admission = limits_->admit(counter, exchange.api_key, exchange.http.body, clock_.now());
  const bool is_admitted = admission.decision.is_admitted();
  Delivery delivery = is_admitted ? ask_endpoint(exchange, endpoint)
                                  : refuse(limit_refusal(admission), exchange.dialect, exchange.endpoint.error_form);
  for (Header& header : limit_headers(admission, delivery.status)) {
    const bool is_scripted = has_header(delivery, header.name);
    if (!is_scripted) delivery.headers.push_back(std::move(header));
  }
  const std::int64_t used = exchange.notes->prompt_tokens + exchange.notes->completion_tokens;
  const bool is_known = used > 0 || delivery.status >= 400;
  limits_->settle(admission, exchange.api_key, is_known ? std::optional(used) : std::nullopt, clock_.now());
  return delivery;
}

void App::finish(const HttpRequest& http, std::string request_id, const Notes& notes, Delivery& delivery) {
  // With a clock that stands still, a reply is the same to the byte, so the time that it really took stays out.
  const Duration spent = delivery.head_due + (clock_.is_frozen() ? Duration(0) : since(http.received));
  const std::string millis = std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(spent).count());
  if (!has_header(delivery, "x-request-id")) {
    delivery.headers.push_back({"x-request-id", request_id});
  }
  if (!has_header(delivery, "openai-processing-ms")) {
    delivery.headers.push_back({"openai-processing-ms", millis});
  }
  const Traffic::Reply reply = traffic_.begin(http, request_id, notes, delivery, clock_);
  delivery.on_over = [&log = log_, &traffic = traffic_, reply, method = std::string(http.method),
                      path = std::string(http.path), id = std::move(request_id), status = delivery.status,
                      then = std::move(delivery.on_over)](const DeliveryOutcome& outcome) {
    traffic.end(reply, outcome);
    log.access({method, path, status, outcome.bytes, outcome.last_byte, id, outcome.client_left});
    if (then) then(outcome);
  };
}

std::vector<std::string> App::unused_fixtures() const {
  std::vector<std::string> unused;
  for (const FixturePtr& fixture : scripting_.store.unused()) {
    unused.push_back(fixture->name.empty() ? fixture->origin : title_of(*fixture) + " (" + fixture->origin + ")");
  }
  return unused;
}

Delivery App::refuse_transport(int status, std::string_view reason, std::size_t limit) {
  const Dialect& dialect = *dialects_.front();
  ApiError error =
      dialect.error_in(dialect.error_form, situation_of(status), {{"limit", std::to_string(limit)}, {"found", "more"}});
  error.status = status;
  error.message += " (" + std::string(reason) + ")";
  log_.info("refused before routing: " + std::to_string(status) + " " + std::string(reason));
  return deliver_error(error, dialect, dialect.error_form);
}

}  // namespace mimus::server
