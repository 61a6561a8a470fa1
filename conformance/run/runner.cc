#include "conformance/run/runner.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "api/json_writer.h"
#include "conformance/run/model_choice.h"
#include "conformance/run/reply_kind.h"
#include "conformance/run/request.h"

namespace mimus::conformance {
namespace {

constexpr std::chrono::milliseconds kLongestWait{60'000};
constexpr std::chrono::milliseconds kUsualWait{1'000};
constexpr int kGiveUpAfter = 3;  // failures in a row
constexpr std::int64_t kThinkingFloor = 1024;
constexpr std::string_view kModelList = "models.list";
constexpr const char* kInterrupted = "interrupted";

std::string json_string(std::string_view text) {
  std::string out;
  JsonWriter(out).string(text);
  return out;
}

std::string filler(std::size_t size) {
  constexpr std::string_view kProse = "The river runs past the old mill and on to the sea. ";
  std::string text;
  text.reserve(size + kProse.size());
  while (text.size() < size) text += kProse;
  text.resize(size);
  return text;
}

// A header that the user gave and that may hold a credential.
void redact_header(Recording& recording, const Header& given) {
  if (!is_secret(given)) return;
  if (given.value.size() >= kShortestSecret) redact(recording, given.value);
  for (Header& header : recording.request.headers) {
    if (equal_ignoring_case(header.name, given.name)) header.value = kRedacted;
  }
}

class Runner {
 public:
  Runner(const Target& target, const Catalogue& catalogue, const RunOptions& options, const RunHooks& hooks)
      : target_(target), catalogue_(catalogue), options_(options), hooks_(hooks) {
    run_.facts.base_url = target.origin() + target.base_path;
    run_.facts.started_at = options.now;
    run_.facts.loopback_port = options.loopback_port;
  }

  Run run(const Plan& plan);

 private:
  void learn_model();
  void learn_model_of(const Probe& probe);
  void visit(const Probe& probe);
  void visit_together(const Probe& first);
  std::string reason_not_to_send(const Probe& probe) const;
  bool is_interrupted() const { return hooks_.interrupted && hooks_.interrupted(); }
  Transcript send(const Probe& probe);
  Transcript read(const Probe& probe, Recording recording);
  void take_upstream(const Probe& probe, Transcript& transcript);
  Transcript send_with_retries(const Probe& probe);
  bool learned_cap(const Probe& probe, const Transcript& transcript);
  void learn(const Probe& probe, const Transcript& transcript);
  void watch(const Probe& probe, const Transcript& transcript);
  void count_failure(const Probe& probe, const Transcript& transcript);
  std::optional<std::string> resolve(const Probe& probe, const Placeholder& placeholder);
  std::string model_of(const Probe& probe) const;
  bool refused_named_model(const Probe& probe, const Transcript& transcript);
  void keep(const Probe& probe, Transcript transcript);

  const Target& target_;
  const Catalogue& catalogue_;
  const RunOptions& options_;
  const RunHooks& hooks_;
  Run run_;
  std::set<std::string> absent_;                      // operations that the target does not offer
  std::map<std::string, std::string> model_of_area_;  // for areas that need another model than chat does
  std::string stop_;                                  // why nothing more is sent
  int nonces_ = 0;
  int failures_ = 0;                             // in a row
  std::map<std::string, std::string> given_up_;  // areas in which the target fails, and why nothing more is sent there
  bool any_valid_ok_ = false;
  bool any_valid_sent_ = false;
  bool any_generated_ = false;
  std::set<std::string> model_worked_;  // areas in which the model was taken at least once
  std::string first_problem_;
  bool upstream_seen_ = false;
  std::string no_route_;  // why nothing can be said of the upstream
};

Run Runner::run(const Plan& plan) {
  run_.facts.model = target_.model;
  const bool needs_model =
      std::any_of(plan.probes.begin(), plan.probes.end(), [](const Probe* probe) { return probe->names_model; });
  if (needs_model && target_.model.empty()) learn_model();
  for (std::size_t i = 0; i < plan.probes.size(); ++i) {
    if (hooks_.progress) hooks_.progress(i, plan.probes.size(), *plan.probes[i]);
    visit(*plan.probes[i]);
  }
  if (any_valid_sent_ && !any_valid_ok_ && run_.nothing_measured.empty()) run_.nothing_measured = first_problem_;
  return std::move(run_);
}

void Runner::learn_model() {
  const Probe* list = catalogue_.find_probe(kModelList);
  if (list == nullptr) return;
  visit(*list);
  run_.facts.model = choose_model(run_.transcripts.at(list->id).json());
  run_.notes.push_back(run_.facts.model.empty() ? "no model was named and the target lists none; say --model"
                                                : "model: " + run_.facts.model + ", the first that the target lists");
}

// An area such as embeddings needs a model that can do it; its name, in the target's list, must tell.
void Runner::learn_model_of(const Probe& probe) {
  const Area* area = catalogue_.find_area(probe.area);
  const bool asks = probe.names_model && area != nullptr && !area->models.empty() && stop_.empty();
  if (!asks || target_.own_model_of(probe.area) != nullptr || model_of_area_.count(probe.area) > 0) return;
  std::string& model = model_of_area_[probe.area];
  const Probe* list = catalogue_.find_probe(kModelList);
  if (list == nullptr) return;
  visit(*list);
  model = find_model(run_.transcripts.at(list->id).json(), area->models);
  if (!model.empty()) run_.notes.push_back("model for " + probe.area + ": " + model + ", by its name");
}

void Runner::visit(const Probe& probe) {
  if (run_.transcripts.count(probe.id) > 0) return;
  learn_model_of(probe);
  if (auto reason = reason_not_to_send(probe); !reason.empty()) return keep(probe, not_sent(probe.id, reason));
  if (!probe.together.empty()) return visit_together(probe);
  Transcript transcript = send_with_retries(probe);
  if (is_interrupted() && transcript.recording.ending != Ending::Complete) {
    return keep(probe, not_sent(probe.id, kInterrupted));
  }
  if (refused_named_model(probe, transcript)) return keep(probe, not_sent(probe.id, given_up_.at(probe.area)));
  learn(probe, transcript);
  watch(probe, transcript);
  keep(probe, std::move(transcript));
}

void Runner::visit_together(const Probe& first) {
  std::vector<const Probe*> probes = {&first};
  for (const std::string& id : first.together) probes.push_back(catalogue_.find_probe(id));
  std::vector<Request> requests;
  for (const Probe* probe : probes) {
    auto request = make_request(target_, *probe, [&](const Placeholder& p) { return resolve(*probe, p); });
    if (!request) return keep(first, not_sent(first.id, "the reply that it quotes did not come"));
    requests.push_back(std::move(*request));
    run_.tokens += probe->tokens;
  }
  run_.requests += static_cast<int>(requests.size());
  std::vector<Recording> recordings;
  if (hooks_.send_together) {
    recordings = hooks_.send_together(requests, options_.limits);
  } else {
    for (const Request& request : requests) recordings.push_back(hooks_.send(request, std::nullopt, options_.limits));
  }
  for (std::size_t i = 0; i < probes.size(); ++i) {
    Transcript transcript = read(*probes[i], std::move(recordings[i]));
    watch(*probes[i], transcript);
    keep(*probes[i], std::move(transcript));
  }
}

std::string Runner::reason_not_to_send(const Probe& probe) const {
  if (!stop_.empty()) return stop_;
  if (is_interrupted()) return kInterrupted;
  if (const auto area = given_up_.find(probe.area); area != given_up_.end()) return area->second;
  if (!probe.script.empty() && !no_route_.empty()) return no_route_;
  if (absent_.count(probe.operation) > 0) return "not offered: " + probe.operation;
  for (const std::string& need : probe.needs) {
    const auto quoted = run_.transcripts.find(need);
    if (quoted == run_.transcripts.end()) continue;
    const Transcript& transcript = quoted->second;
    if (transcript.not_sent.starts_with("not offered")) return transcript.not_sent;
    if (transcript.was_sent() && kind_of(transcript) == ReplyKind::NotOffered)
      return "not offered: what " + need + " asked for";
  }
  const int requests = (probe.lead.empty() ? 1 : 2) + static_cast<int>(probe.together.size());
  if (options_.max_requests && run_.requests + requests > *options_.max_requests)
    return "budget: --max-requests is used up";
  if (options_.max_tokens && run_.tokens + probe.tokens > *options_.max_tokens)
    return "budget: --max-tokens is used up";
  if (probe.names_model && model_of(probe).empty()) {
    return "no model is known for " + probe.area + ", see --model and --model-for";
  }
  return "";
}

Transcript Runner::send(const Probe& probe) {
  const auto resolver_of = [this](const Probe& of) {
    return [this, &of](const Placeholder& placeholder) { return resolve(of, placeholder); };
  };
  const auto request = make_request(target_, probe, resolver_of(probe));
  if (!request) return not_sent(probe.id, "the reply that it quotes did not come");
  std::optional<Request> lead;
  if (!probe.lead.empty()) {
    const Probe& first = *catalogue_.find_probe(probe.lead);
    lead = make_request(target_, first, resolver_of(first));
    if (!lead) return not_sent(probe.id, "the reply that its first request quotes did not come");
    ++run_.requests;
  }
  ExchangeLimits limits = options_.limits;
  limits.leave_after = probe.leave_after;
  if (run_.requests == 0) limits.time *= 2;
  if (probe.leave_time.count() > 0) limits.time = probe.leave_time;
  ++run_.requests;
  run_.tokens += probe.tokens;
  Recording recording = hooks_.send(*request, lead, limits);
  if (probe.leave_time.count() > 0 && recording.ending == Ending::TimedOut) recording.ending = Ending::Left;
  return read(probe, std::move(recording));
}

// What a recording says, without anybody's key.
Transcript Runner::read(const Probe& probe, Recording recording) {
  run_.took += recording.took;
  redact(recording, target_.api_key);
  for (const Header& header : target_.headers) redact_header(recording, header);
  Transcript transcript = read_transcript(probe.id, std::move(recording));
  take_upstream(probe, transcript);
  return transcript;
}

// A target whose route leads elsewhere is not asked further: each call might cost, and shows nothing.
void Runner::take_upstream(const Probe& probe, Transcript& transcript) {
  if (probe.script.empty() || !hooks_.upstream) return;
  transcript.upstream = hooks_.upstream(probe.script, probe.settle);
  for (UpstreamCall& call : transcript.upstream) redact(call, target_.api_key);
  const bool lost = !upstream_seen_ && !transcript.upstream.empty() && transcript.upstream.front().status == 404;
  upstream_seen_ = upstream_seen_ || (!transcript.upstream.empty() && !lost);
  if (upstream_seen_ || (!lost && kind_of(transcript) != ReplyKind::Success)) return;
  no_route_ = lost ? wrong_upstream_path(transcript.upstream.front()) : no_upstream_call(options_.loopback_port);
  run_.notes.push_back(no_route_);
}

// One more try where that tells a passing trouble from a lasting one: a parameter with a newer name, a rate limit,
// a server error to a valid call.
Transcript Runner::send_with_retries(const Probe& probe) {
  Transcript transcript = send(probe);
  if (!probe.script.empty()) return transcript;  // the trouble is planned, and tries are counted
  if (learned_cap(probe, transcript)) transcript = send(probe);
  const ReplyKind kind = kind_of(transcript);
  const bool again = kind == ReplyKind::RateLimited || (kind == ReplyKind::ServerError && probe.is_valid_call());
  if (!again || !transcript.was_sent()) return transcript;
  const auto wait = retry_after(transcript.head).value_or(kUsualWait);
  if (wait > kLongestWait) return transcript;
  run_.notes.push_back(probe.id + ": HTTP " + std::to_string(transcript.status()) + ", sent once more after " +
                       std::to_string(wait.count()) + " ms");
  hooks_.wait(wait);
  return is_interrupted() ? std::move(transcript) : send(probe);
}

// Reasoning models refuse max_tokens, older servers do not know max_completion_tokens.
bool Runner::learned_cap(const Probe& probe, const Transcript& transcript) {
  std::string& name = run_.facts.cap_parameter;
  if (!probe.is_valid_call() || kind_of(transcript) != ReplyKind::Refused || name == "max_tokens") return false;
  if (!transcript.sent().find(name) || !error_names(transcript, name)) return false;
  name = "max_tokens";
  run_.notes.push_back("the target refuses max_completion_tokens; max_tokens is used instead");
  return true;
}

void Runner::learn(const Probe& probe, const Transcript& transcript) {
  const ReplyKind kind = kind_of(transcript);
  if (!transcript.was_sent() || !probe.is_valid_call()) return;
  if (kind == ReplyKind::NotOffered && !probe.operation.empty()) absent_.insert(probe.operation);
  if (!probe.script.empty()) return;  // the words of the script, and no model's
  const Json json = transcript.json();
  const Json message = json.find_pointer("/choices/0/message");
  const bool thinks = json.find_pointer("/usage/completion_tokens_details/reasoning_tokens").int_or(0) > 0 ||
                      !message.find("reasoning_content").string_or("").empty() ||
                      !message.find("reasoning").string_or("").empty();
  if (!thinks || run_.facts.cap_floor > 0) return;
  run_.facts.cap_floor = kThinkingFloor;
  run_.notes.push_back("the model thinks before it answers; length caps are raised to 1024 tokens");
}

// Stops where going on would only cost time: an unreachable target, a refused key, a lasting rate limit.
void Runner::watch(const Probe& probe, const Transcript& transcript) {
  if (!transcript.was_sent()) return;
  const ReplyKind kind = kind_of(transcript);
  if (probe.is_valid_call()) {
    const bool ok = kind == ReplyKind::Success && transcript.recording.ending == Ending::Complete &&
                    (transcript.is_json || !transcript.events.empty());
    const std::string problem = kind == ReplyKind::Broken ? transcript.recording.problem
                                : ok                      ? ""
                                     : "HTTP " + std::to_string(transcript.status()) + ": " + refusal_text(transcript);
    if (!any_valid_sent_ || first_problem_.empty()) first_problem_ = problem;
    // A list of models that anyone may read says nothing about the key.
    const bool hopeless = (kind == ReplyKind::Broken && !any_valid_ok_) ||
                          (kind == ReplyKind::KeyRefused && !(probe.tokens > 0 ? any_generated_ : any_valid_ok_));
    if (hopeless) {
      const bool lacks_key = kind == ReplyKind::KeyRefused && target_.api_key.empty();
      run_.nothing_measured = problem + (lacks_key ? " (no key was sent: say --api-key)" : "");
      stop_ = "nothing measured: the first valid call failed (" + run_.nothing_measured + ")";
    }
    any_valid_sent_ = true;
    any_generated_ = any_generated_ || (ok && probe.tokens > 0);
    any_valid_ok_ = any_valid_ok_ || ok;
    if (!probe.script.empty() && upstream_seen_) return;  // each script tells of something else
    if (ok || kind == ReplyKind::NotOffered || kind == ReplyKind::Refused) {
      failures_ = 0;
    } else {
      count_failure(probe, transcript);
    }
  }
}

// A target that answers 500 to what one area asks may do well in others, once it has answered anything.
void Runner::count_failure(const Probe& probe, const Transcript& transcript) {
  if (++failures_ < kGiveUpAfter || !stop_.empty()) return;
  const ReplyKind kind = kind_of(transcript);
  const std::string reason =
      "given up after " + std::to_string(kGiveUpAfter) + " failures in a row, the last " +
      (kind == ReplyKind::Broken ? transcript.recording.problem : "HTTP " + std::to_string(transcript.status()));
  if (kind == ReplyKind::ServerError && any_valid_ok_) {
    given_up_.emplace(probe.area, reason);
    failures_ = 0;
  } else {
    stop_ = reason;
  }
}

std::optional<std::string> Runner::resolve(const Probe& probe, const Placeholder& placeholder) {
  if (!placeholder.probe.empty()) {
    const auto found = run_.transcripts.find(placeholder.probe);
    const Json value = found == run_.transcripts.end() ? Json() : found->second.json().find_pointer(placeholder.text);
    if (!value) return std::nullopt;
    return to_text(value);
  }
  const std::string& text = placeholder.text;
  if (text == "model") return json_string(model_of(probe));
  if (text == "nonce") return json_string(options_.nonce + std::to_string(++nonces_));
  if (text == "cap") return json_string(run_.facts.cap_parameter);
  if (text.starts_with("cap:")) {
    return std::to_string(std::max<std::int64_t>(std::atoll(text.c_str() + 4), run_.facts.cap_floor));
  }
  if (text.starts_with("filler:")) return json_string(filler(static_cast<std::size_t>(std::atoll(text.c_str() + 7))));
  return std::nullopt;
}

std::string Runner::model_of(const Probe& probe) const {
  const auto own = model_of_area_.find(probe.area);
  if (own != model_of_area_.end()) return own->second;
  const std::string named = target_.model_of(probe.area);
  return named.empty() ? run_.facts.model : named;
}

// Who names a model that the target does not have made a mistake; the target makes none by refusing it. Where the model
// has worked in the same area it is another matter.
bool Runner::refused_named_model(const Probe& probe, const Transcript& transcript) {
  if (!probe.is_valid_call() || !probe.names_model || !transcript.was_sent()) return false;
  const bool is_for_area = target_.own_model_of(probe.area) != nullptr;
  const bool is_named = is_for_area || (!target_.model.empty() && model_of_area_.count(probe.area) == 0);
  if (kind_of(transcript) == ReplyKind::Success) model_worked_.insert(probe.area);
  if (!is_named || model_worked_.count(probe.area) > 0 || !refuses_model(transcript)) return false;
  const std::string reason = "the target refuses the model " + model_of(probe) + ", which " +
                             (is_for_area ? "--model-for" : target_.model_flag) + " names (HTTP " +
                             std::to_string(transcript.status()) + ": " + refusal_text(transcript) + ")";
  given_up_.insert_or_assign(probe.area, reason);
  run_.notes.push_back(probe.area + ": " + reason);
  if (!is_for_area && !any_generated_) {
    run_.nothing_measured = reason;
    stop_ = "nothing measured: " + reason;
  }
  return true;
}

void Runner::keep(const Probe& probe, Transcript transcript) {
  transcript.area = probe.area;
  transcript.expects = probe.expects;
  transcript.model = model_of(probe);
  run_.transcripts.insert_or_assign(probe.id, std::move(transcript));
}

}  // namespace

Run run_plan(const Target& target, const Catalogue& catalogue, const Plan& plan, const RunOptions& options,
             const RunHooks& hooks) {
  return Runner(target, catalogue, options, hooks).run(plan);
}

}  // namespace mimus::conformance
