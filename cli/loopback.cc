#include "cli/loopback.h"

#include <algorithm>

#include "api/embedded.h"
#include "server/journal/redact.h"

namespace mimus::cli {
namespace {

using conformance::UpstreamCall;

constexpr std::size_t kMostCalls = 64;  // of one probe; a target that asks more often has been told on by then
constexpr std::size_t kLongestBody = 256 * 1024;

Result<Done> add_scripts(server::App& app, const std::string& name) {
  const auto added = app.services().scripting.store.add(*find_embedded(name));
  if (!added) return added.error().in(name);
  return Done{};
}

std::string ending_name(const server::DeliveryOutcome& outcome) {
  if (outcome.client_left) return "left";
  const bool whole = outcome.ending == server::Ending::Clean || outcome.ending == server::Ending::Close;
  return whole ? "whole" : "cut";
}

}  // namespace

void add_loopback_options(CLI::App& command, LoopbackOptions& options) {
  command
      .add_option("--loopback", options.port,
                  "Serve as the upstream of the target on this port of 127.0.0.1, and run the checks that need that")
      ->check(CLI::Range(1, 65535))
      ->type_name("PORT");
}

Result<std::unique_ptr<Loopback>> Loopback::start(const LoopbackOptions& wish, std::string_view api) {
  if (wish.port == 0) return std::unique_ptr<Loopback>();
  auto loopback = std::unique_ptr<Loopback>(new Loopback(wish.port));
  server::AppOptions options;
  options.dialects = {api == "google" ? "gemini" : "openai"};
  auto app = server::App::create(options, loopback->log_);
  if (!app) return app.error();
  loopback->app_ = std::move(*app);
  const std::string scripts = api == "google" ? "loopback/google.json" : "loopback/openai.json";
  if (auto done = add_scripts(*loopback->app_, scripts); !done) return done.error();
  server::TransportOptions transport;
  transport.port = wish.port;
  auto http = server::HttpServer::start(
      transport, [self = loopback.get()](const server::HttpRequest& request, const server::Respond& respond) {
        self->handle(request, respond);
      });
  if (!http) return Error{http.error().code, http.error().message, "--loopback " + std::to_string(wish.port)};
  loopback->http_ = std::move(*http);
  return loopback;
}

Loopback::~Loopback() {
  if (!http_) return;  // it never served
  app_->end_tails();
  http_->stop(std::chrono::milliseconds(0));
}

void Loopback::join(conformance::RunOptions& options, conformance::RunHooks& hooks) {
  options.loopback_port = port_;
  hooks.upstream = [this](const std::string& script, std::chrono::milliseconds settle) { return take(script, settle); };
  hooks.send = [this, send = hooks.send](const conformance::Request& request,
                                         const std::optional<conformance::Request>& lead,
                                         const conformance::ExchangeLimits& limits) {
    begin();
    return send(request, lead, limits);
  };
  hooks.send_together = [this, send = hooks.send_together](const std::vector<conformance::Request>& requests,
                                                           const conformance::ExchangeLimits& limits) {
    begin();
    return send(requests, limits);
  };
}

void Loopback::begin() {
  const std::lock_guard lock(mutex_);
  calls_.clear();
  begun_ = Clock::now();
}

std::vector<UpstreamCall> Loopback::take(const std::string& script, std::chrono::milliseconds settle) {
  const auto is_ours = [&](const Noted& noted) { return noted.call.body.find(script) != std::string::npos; };
  std::unique_lock lock(mutex_);
  ended_.wait_for(lock, settle, [&] {
    return std::none_of(calls_.begin(), calls_.end(),
                        [&](const Noted& noted) { return is_ours(noted) && noted.call.ended == "open"; });
  });
  std::vector<UpstreamCall> found;
  for (const Noted& noted : calls_) {
    if (is_ours(noted)) found.push_back(noted.call);
  }
  return found;
}

void Loopback::handle(const server::HttpRequest& http, const server::Respond& respond) {
  const std::uint64_t id = note(http);
  app_->handle(http, [this, id, respond](server::Delivery delivery) {
    delivery.on_over = [this, id, status = delivery.status,
                        then = std::move(delivery.on_over)](const server::DeliveryOutcome& outcome) {
      end(id, status, outcome);
      if (then) then(outcome);
    };
    respond(std::move(delivery));
  });
}

std::uint64_t Loopback::note(const server::HttpRequest& http) {
  UpstreamCall call;
  call.method = http.method;
  call.path = http.path;  // without the query, which may hold a key
  for (const server::HeaderView& header : http.headers) {
    const bool secret = server::is_secret_header(header.name);
    call.headers.push_back({std::string(header.name), std::string(secret ? server::kRedacted : header.value)});
  }
  call.body = http.body.substr(0, kLongestBody);
  call.ended = "open";
  const std::lock_guard lock(mutex_);
  call.arrived = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begun_);
  if (calls_.size() < kMostCalls) calls_.push_back({next_, std::move(call)});
  return next_++;
}

void Loopback::end(std::uint64_t id, int status, const server::DeliveryOutcome& outcome) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(calls_.begin(), calls_.end(), [id](const Noted& noted) { return noted.id == id; });
  if (found == calls_.end()) return;
  found->call.status = status;
  found->call.ended = ending_name(outcome);
  found->call.over = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begun_);
  ended_.notify_all();
}

std::string why_unrouted(const conformance::Report& report) {
  if (report.counts().measured() > 0) return "";
  std::string why;
  for (const conformance::Outcome& outcome : report.outcomes) {
    if (outcome.check->check_class != conformance::CheckClass::Loopback || outcome.reason.empty()) continue;
    if (outcome.verdict == conformance::Verdict::Inconclusive) return outcome.reason;
    if (why.empty()) why = outcome.reason;
  }
  return why;
}

}  // namespace mimus::cli
